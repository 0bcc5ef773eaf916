package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the tracepoint, recorded on Linux 6.18, and what may be wrong with it. */
class StateChangeTest {
  private static final String FORMAT = format();

  @TempDir private Path tracefs;

  private static String format() {
    try (var recorded = StateChangeTest.class.getResourceAsStream("/failures/format")) {
      return new String(recorded.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String refused(List<Path> places) {
    return assertThrows(SourceException.class, () -> StateChange.find(places)).message();
  }

  @Test
  void theFieldsAreWhereTheFormatSays() throws Exception {
    assertEquals(new StateChange(2287, 26, 56, 72), StateChange.of(FORMAT));
  }

  @Test
  void aFormatThatIsNotUnderstoodIsRefused() {
    for (String wrong :
        List.of(
            "",
            FORMAT.replace("ID: 2287", "ID: many"),
            FORMAT.replace("daddr_v6[16]", "peer[16]"),
            FORMAT.replace("oldstate;", "before;"),
            FORMAT.replace("__u16 dport;	offset:26;	size:2", "__u32 dport;	offset:26;	size:4"))) {
      String sentence = assertThrows(SourceException.class, () -> StateChange.of(wrong)).message();
      assertTrue(sentence.contains("is not understood"), sentence);
    }
  }

  @Test
  void itIsReadWhereTracefsIsMounted() throws Exception {
    Path directory = tracefs.resolve("events/sock/inet_sock_set_state");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("format"), FORMAT);
    Path missing = tracefs.resolve("missing");
    assertEquals(2287, StateChange.find(List.of(missing, tracefs)).id());
  }

  @Test
  void anOldKernelHasNoTracepoint() throws Exception {
    Files.createDirectories(tracefs.resolve("events/sock"));
    String sentence = refused(List.of(tracefs));
    assertTrue(sentence.contains("it takes Linux 4.16 or later"), sentence);
  }
}
