package io.github.portpool.source.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.host.Conntrack;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConntrackFilesTest {
  private static final String COUNT = "sys/net/netfilter/nf_conntrack_count";
  private static final String MAX = "sys/net/netfilter/nf_conntrack_max";
  private static final String STATISTICS = "thread-self/net/stat/nf_conntrack";

  private @TempDir Path proc;

  @Test
  void addsUpTheProcessorsWhateverTheOrderOfTheColumns() throws Exception {
    write(COUNT, "10\n");
    write(MAX, "262144\n");
    write(STATISTICS, "drop found  insert_failed early_drop\n1 0 0a ff\n00000010 0  01 ff\n");
    try (ConntrackFiles files = new ConntrackFiles(proc)) {
      assertEquals(new Conntrack(10, 262_144, 11, 17), files.read());
    }
  }

  @Test
  void countersOf32BitsWrapAndTheSumGoesOn() throws Exception {
    write(COUNT, "0\n");
    write(MAX, "0\n");
    write(STATISTICS, "insert_failed drop\nfffffffe ffffffff\nffffffff 00000000\n");
    try (ConntrackFiles files = new ConntrackFiles(proc)) {
      assertEquals(new Conntrack(0, 0, 0x1_ffff_fffdL, 0xffff_ffffL), files.read());
      write(STATISTICS, "insert_failed drop\n00000003 ffffffff\nffffffff 00000001\n");
      assertEquals(new Conntrack(0, 0, 0x2_0000_0002L, 0x1_0000_0000L), files.read());
      assertEquals(new Conntrack(0, 0, 0x2_0000_0002L, 0x1_0000_0000L), files.read());
    }
  }

  /** The kernel hands out a page at a time, and 8192 CPUs are possible. */
  @Test
  void aTableOfManyProcessors() throws Exception {
    write(COUNT, "1\n");
    write(MAX, "1\n");
    write(STATISTICS, "insert_failed drop\n" + "00000001 00000002\n".repeat(8192));
    try (ConntrackFiles files = new ConntrackFiles(proc)) {
      assertEquals(new Conntrack(1, 1, 8192, 16_384), files.read());
    }
  }

  @Test
  void aKernelWithoutConnectionTrackingIsNamedSo() throws Exception {
    assertTrue(assertUnopened().contains("nf_conntrack is not loaded"));
    write(COUNT, "1\n");
    write(MAX, "1\n");
    assertTrue(assertUnopened().contains("CONFIG_NF_CONNTRACK_PROCFS"));
  }

  @ParameterizedTest
  @CsvSource({
    COUNT + ", ''",
    COUNT + ", -",
    COUNT + ", 99999999999",
    MAX + ", x",
    STATISTICS + ", ''",
    STATISTICS + ", insert_failed drop",
  })
  void refusesNumbersThatItDoesNotUnderstand(String name, String text) throws Exception {
    assertNotUnderstood(name, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert_failed\n1\n",
        "drop\n1\n",
        "insert_failed drop\n1\n",
        "insert_failed drop\n\n",
        "insert_failed drop\n1 -1\n",
        "insert_failed drop\n1 100000000\n",
        "insert_failed drop\n1 0x1\n",
      })
  void refusesCountersThatItDoesNotUnderstand(String text) throws Exception {
    assertNotUnderstood(STATISTICS, text);
  }

  private void assertNotUnderstood(String name, String text) throws Exception {
    write(COUNT, "1\n");
    write(MAX, "1\n");
    write(STATISTICS, "insert_failed drop\n1 1\n");
    write(name, text);
    try (ConntrackFiles files = new ConntrackFiles(proc)) {
      SourceException failure = assertThrows(SourceException.class, files::read);
      assertEquals(Reason.MALFORMED, failure.reason());
      assertTrue(failure.message().contains(name), failure.message());
    }
  }

  private String assertUnopened() {
    SourceException failure =
        assertThrows(SourceException.class, () -> new ConntrackFiles(proc).close());
    assertEquals(Reason.SOCKET, failure.reason());
    return failure.message();
  }

  private void write(String name, String text) throws IOException {
    Path file = proc.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
