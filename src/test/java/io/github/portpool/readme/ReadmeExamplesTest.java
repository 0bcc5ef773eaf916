package io.github.portpool.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.library.Application;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs each Java program of the documents with no more than the libraries it names.
 */
@MostlyWaits
class ReadmeExamplesTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void everyProgramWorks() throws Exception {
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(Path.of("src/docs/library.md")));
    check(blocks, Application.MICROMETER, "connect\\(\\) succeeds \\d+\\.0 more times");
    check(blocks, Application.PROMETHEUS, "portpool_capacity_ports \\d+\\.0");
    check(blocks, List.of(), "\\d+ free toward the worst of \\d+ destinations");
    assertEquals(2, blocks.results().count(), "SpringBootTest has the last two");
  }

  private void check(Matcher blocks, List<String> libraries, String line) throws Exception {
    assertEquals(true, blocks.find());
    Path source = Files.writeString(directory.resolve("Example.java"), blocks.group(1));
    // A host that is very busy may not have sampled yet when the program asks.
    Await.until(
        "a program of the library page says: " + line,
        () -> {
          Outcome outcome =
              Program.run(
                  Application.process(source, libraries, "--enable-native-access=ALL-UNNAMED"));
          assertEquals(List.of(), outcome.err());
          return outcome.out().stream().filter(said -> said.matches(line)).count() == 1;
        });
  }
}
