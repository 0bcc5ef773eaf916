package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of a configuration file, and those that the packages come with. */
@MostlyWaits
class ConfigFileTest {
  private static final Path DEFAULTS = Path.of("systemd", "portpool.conf");
  private static final String INTERVAL = "portpool_sample_interval_seconds";
  private static final Pattern OPTION = Pattern.compile("^ +--([a-z.-]+)", Pattern.MULTILINE);
  private static final Pattern LINE = Pattern.compile("^#?([a-z.-]+) = ", Pattern.MULTILINE);

  @TempDir private Path folder;

  private String file(String text) throws Exception {
    return "--config.file=" + Files.writeString(folder.resolve("portpool.conf"), text);
  }

  @Test
  void valuesComeFromTheFileUnlessTheCommandLineHasThem() throws Exception {
    String file =
        file(
            "# mine\nsample.interval = 7s\nsample.cpu-budget=100%\nowners.top=0\nlog.level=debug\n");
    try (AgentProcess agent = AgentProcess.serve(file)) {
      assertEquals(7, agent.scrape().value(INTERVAL));
    }
    try (AgentProcess agent = AgentProcess.serve(file, "--sample.interval=9s")) {
      assertEquals(9, agent.scrape().value(INTERVAL));
    }
  }

  @Test
  void theEnvironmentComesBeforeTheFile() throws Exception {
    ProcessBuilder process = Program.process(AgentProcess.arguments());
    String file = file("sample.interval = 7s\nsample.cpu-budget=100%\n");
    process.environment().put("PORTPOOL_CONFIG_FILE", file.substring(file.indexOf('=') + 1));
    process.environment().put("PORTPOOL_SAMPLE_INTERVAL", "8s");
    try (AgentProcess agent = AgentProcess.start(process)) {
      assertEquals(8, agent.scrape().value(INTERVAL));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sample.intervall=7s, 'has sample.intervall, which no option of portpool serve is called'",
    "config.file=/x, 'has config.file, which no option'",
    "sample.interval=soon, 'soon'",
    "x=\\uZZZZ, 'it is not a text of lines'",
    "'\u001b[31m=1', 'which no option'",
  })
  void whatIsWrongIsSaidInOneLine(String text, String sentence) throws Exception {
    Outcome outcome = Program.run("serve", file(text + "\n"));
    assertEquals(2, outcome.exitCode(), outcome.err().toString());
    assertEquals(2, outcome.err().size(), outcome.err().toString());
    assertTrue(outcome.err().getFirst().contains(sentence), outcome.err().toString());
    assertTrue(outcome.err().getFirst().chars().allMatch(c -> c >= ' '), "it holds an escape");
  }

  @Test
  void aMissingFileIsAnError() throws Exception {
    Outcome outcome = Program.run("serve", "--config.file=" + folder.resolve("none"));
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().getFirst().endsWith("none: no such file or directory"));
  }

  @Test
  void whatIsInstalledHasEveryOptionWithItsDefault() throws Exception {
    Set<String> options = names(OPTION, String.join("\n", Program.run("serve", "--help").out()));
    options.removeAll(Set.of("help", "version", "config.file"));
    String installed = Files.readString(DEFAULTS);
    Set<String> without = new TreeSet<>(options);
    without.removeAll(names(LINE, installed));
    assertEquals(Set.of(), without);
    String all = LINE.matcher(installed).replaceAll("$1 = ").replace(":10696", "127.0.0.1:0");
    all = all.replaceAll("(?m)^otlp", "#otlp"); // has no default, and none of it works without
    try (AgentProcess agent = AgentProcess.serve(file(all))) {
      assertTrue(agent.scrape().value(INTERVAL) >= 5);
    }
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
