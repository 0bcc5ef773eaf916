package io.github.portpool.e2e.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application with nothing but micrometer-core and this jar. */
@NeedsHost
class ApplicationTest {
  private static final Path SOURCES = Path.of("src/test/resources/applications");
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  @Test
  void seesItsPoolRunOut() throws Exception {
    Outcome outcome = exhausted(NATIVE_ACCESS);
    assertEquals(List.of(), outcome.err());
    assertEquals(
        List.of(
            "new threads: 0",
            "free: 20.0, 20.0",
            "opened: 20",
            "free: 0.0, 0.0",
            "toward the server: 0.0",
            "sampled: 0",
            "meters: 0, 0",
            "new threads: 0"),
        outcome.out());
  }

  @Test
  void isWarnedOfNativeAccessByTheJvmAlone() throws Exception {
    Outcome outcome = exhausted();
    assertEquals(0, outcome.exitCode());
    List<String> said = outcome.err().stream().filter(line -> !line.isBlank()).toList();
    assertEquals(4, said.size(), said::toString);
    assertTrue(said.stream().allMatch(line -> line.startsWith("WARNING: ")), said::toString);
    assertTrue(said.get(1).contains("io.github.portpool.linux.Libc"), said::toString);
  }

  private static Outcome exhausted(String... options) throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(40_000, 40_019);
      return netns.call(() ->
          Program.run(
              Application.process(
                  SOURCES.resolve("Exhausted.java"), Application.MICROMETER, options)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-Dos.name=Windows 11 | OSHI is missing: add com.github.oshi:oshi-core to the class path",
        "--illegal-native-access=deny | Java denies native calls to portpool: start it with"
            + " --enable-native-access=ALL-UNNAMED, on the module path"
            + " --enable-native-access=io.github.portpool",
      })
  void isToldWhatItCannotSee(String option, String sentence) throws Exception {
    Outcome outcome =
        Program.run(
            Application.process(
                SOURCES.resolve("Unreadable.java"), Application.MICROMETER, option));
    assertEquals(
        List.of(sentence, "capacity: NaN", "success: 0.0", "errors: 1.0", "later: NaN"),
        outcome.out());
    assertEquals(
        1,
        outcome.err().stream().filter(line -> line.contains("no sample: " + sentence)).count(),
        outcome.err()::toString);
    assertTrue(Stream.of("Exception", "\tat ").noneMatch(outcome.err().toString()::contains));
  }
}
