package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    "x=\\uZZZZ, 'has x, which no option'",
    "sample.interval 7s, 'line 1 is no option: write it as sample.interval = 10s'",
    "= 7s, 'line 1 is no option'",
    "help=true, 'has help, which no option'",
    "check-config=true, 'has check-config, which no option'",
    "sample.interval=${PORT}, '${PORT}'",
    "web.config.file=, '--web.config.file is empty: name a file'",
    "otlp.ca-file=, '--otlp.ca-file is empty: name a file'",
    "'\u001b[31m=1', 'which no option'",
  })
  void whatIsWrongIsSaidInOneLine(String text, String sentence) throws Exception {
    Outcome outcome = Program.run("serve", file(text + "\n"));
    assertEquals(2, outcome.exitCode(), outcome.err().toString());
    assertEquals(2, outcome.err().size(), outcome.err().toString());
    assertTrue(outcome.err().getFirst().contains(sentence), outcome.err().toString());
    assertTrue(outcome.err().getFirst().chars().allMatch(c -> c >= ' '), "it holds an escape");
  }

  /** As an editor on Windows saves it, and with what else a parser may take for its own. */
  @Test
  void aValueIsWhatStandsThere() throws Exception {
    String file = file("log.level = debug\r\n\r\n#x\r\nweb.config.file = C:\\new # ${HOME}\r\n");
    String said = String.join("\n", Program.run("serve", file).err());
    assertTrue(said.contains("the web configuration file C:\\new # ${HOME}: cannot read"), said);
  }

  @Test
  void whatIsNoTextOfOptionsIsRefused() throws Exception {
    Path pipe = folder.resolve("pipe");
    Program.run(new ProcessBuilder("mkfifo", pipe.toString()));
    Path twice = Files.writeString(folder.resolve("twice"), "log.level=info\n\nlog.level = warn\n");
    Path mark = Files.writeString(folder.resolve("mark"), "\ufefflog.level=info\n");
    Path latin = Files.write(folder.resolve("latin"), new byte[] {'x', '=', (byte) 0xe9, '\n'});
    Map<Path, String> sentences =
        Map.of(
            pipe,
            "it is not a regular file: name one that is",
            folder,
            "it is not a regular file: name one that is",
            Path.of("/dev/zero"),
            "it is not a regular file: name one that is",
            twice,
            "line 3 sets log.level a second time: leave one out",
            mark,
            "it begins with a byte order mark: save it as UTF-8 without one",
            latin,
            "it is not UTF-8 text");
    for (Map.Entry<Path, String> each : sentences.entrySet()) {
      Outcome outcome = Program.run("serve", "--config.file=" + each.getKey());
      String sentence =
          "portpool: cannot read the configuration file " + each.getKey() + ": " + each.getValue();
      assertEquals(List.of(sentence, "Try 'portpool serve --help'."), outcome.err());
      assertEquals(2, outcome.exitCode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, sample.interval = 7s",
    "2, sample.interval = soon",
    "2, web.config.file = none.yml",
    "2, 'otlp.endpoint = http://localhost\notlp.ca-file = none.pem'"
  })
  void aCheckTellsWhetherItWouldStart(int exitCode, String text) throws Exception {
    Outcome outcome = Program.run("serve", "--check-config", file(text + "\n"));
    assertEquals(exitCode, outcome.exitCode(), outcome.toString());
    assertEquals(
        exitCode == 0 ? List.of("the configuration is in order") : List.of(), outcome.out());
    assertEquals(exitCode == 0, outcome.err().isEmpty(), outcome.toString());
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
    options.removeAll(Set.of("help", "version", "config.file", "check-config"));
    String installed = Files.readString(DEFAULTS);
    Set<String> without = new TreeSet<>(options);
    without.removeAll(names(LINE, installed));
    assertEquals(Set.of(), without);
    String all = LINE.matcher(installed).replaceAll("$1 = ").replace(":10696", "127.0.0.1:0");
    // These have no default, and none of them works without.
    all = all.replaceAll("(?m)^(otlp|web.config)", "#$1");
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
