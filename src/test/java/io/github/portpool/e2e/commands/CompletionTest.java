package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion that is made of the commands, in the shells that use it. */
@MostlyWaits
class CompletionTest {
  private static Path made(String shell, Path file) throws Exception {
    Outcome outcome =
        Program.run(
            new ProcessBuilder(
                Program.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "src/build/Completion.java",
                shell));
    assertEquals(0, outcome.exitCode(), outcome.err()::toString);
    return Files.write(file, outcome.out());
  }

  @Test
  void everyOptionIsThere(@TempDir Path directory) throws Exception {
    String fish = Files.readString(made("fish", directory.resolve("portpool.fish")));
    String zsh = Files.readString(made("zsh", directory.resolve("_portpool")));
    List<String> options =
        Pattern.compile("(?m)^\\| `--([a-z.-]+)")
            .matcher(Files.readString(Path.of("src/docs/flags.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertTrue(options.size() > 40, options::toString);
    for (String option : options) {
      assertTrue(fish.contains(" -l " + option + " "), option);
      assertTrue(zsh.contains("'--" + option), option);
    }
  }

  @Test
  void fishCompletes(@TempDir Path directory) throws Exception {
    Needs.program("/usr/bin/fish", "fish");
    Path file = made("fish", directory.resolve("portpool.fish"));
    String asked =
        "source %s; for line in 'portpool sta' 'portpool serve --web.det' 'portpool serve --log.level w'; complete -C $line; end"
            .formatted(file);
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/fish", "--no-config", "-c", asked);
    builder.environment().put("HOME", directory.toString());
    Outcome outcome = Program.run(builder);
    assertEquals(
        List.of("status", "--web.details", "warn"),
        outcome.out().stream().map(line -> line.split("\t", 2)[0]).toList(),
        outcome.err()::toString);
  }

  @Test
  void zshCompletes(@TempDir Path directory) throws Exception {
    Needs.program("/usr/bin/zsh", "zsh");
    made("zsh", directory.resolve("_portpool"));
    try (EmulatedTerminal terminal =
        new EmulatedTerminal(120, 30, new ProcessBuilder("/usr/bin/zsh", "-f"))) {
      terminal.await("before");
      terminal.press(
          "fpath=(" + directory + " $fpath); autoload -Uz compinit; compinit -u -D; echo re''ady",
          "Enter");
      terminal.await("ready");
      terminal.press("portpool sta", "Tab");
      terminal.await("portpool status");
      terminal.press("--destin", "Tab");
      terminal.await("portpool status --destinations.top=");
      terminal.press("3 --source=osh", "Tab");
      terminal.await("portpool status --destinations.top=3 --source=oshi");
      terminal.press("C-c");
    }
  }
}
