package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.portpool.MostlyWaits;
import io.github.portpool.cli.Portpool;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Golden;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets one sentence that names the cure, and an exit code that scripts can rely on. */
@MostlyWaits
class CommandLineTest {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  static Stream<Arguments> usageErrors() {
    String address =
        " is not an address to listen on: write it as :10696, 127.0.0.1:10696 or [::1]:10696";
    String interval = " is not an interval from 100ms to 1h: write it as 500ms, 5s or 1m";
    String budget = " is not a share of one core above 0: write it as 1% or 0.01";
    String source = " is not a source: choose auto, linux, bpf, oshi or replay:FILE";
    String path =
        "--web.telemetry-path must begin with / and hold letters, digits and . _ ~ / - only, and"
            + " not lie below /-/, /api, /assets, /ports, /listeners or /runbook";
    String top = " is not a number from 0 to 1000";
    return Stream.of(
        arguments("portpool", "a command is missing", List.of()),
        arguments("portpool", "Unknown option: '--nope'", List.of("--nope")),
        arguments("portpool", "Unmatched argument at index 0: 'dance'", List.of("dance")),
        arguments("portpool serve", "Unknown option: '--nope'", List.of("serve", "--nope")),
        arguments("portpool serve", "Unmatched argument at index 1: 'x'", List.of("serve", "x")),
        serve("--web.listen-address", "10696", "' (ADDRESS): '10696'" + address),
        serve("--web.listen-address", ":65536", "' (ADDRESS): ':65536'" + address),
        serve("--web.listen-address", "::1:80", "' (ADDRESS): '::1:80'" + address),
        serve(
            "--web.listen-address",
            "no.such.host.invalid:80",
            "' (ADDRESS): 'no.such.host.invalid' is not the name or address of this host"),
        serve("--sample.interval", "5", "': '5'" + interval),
        serve("--sample.interval", "99ms", "': '99ms'" + interval),
        serve("--sample.interval", "-5s", "': '-5s'" + interval),
        serve("--sample.interval", "61m", "': '61m'" + interval),
        serve("--sample.cpu-budget", "0", "': '0'" + budget),
        serve("--sample.cpu-budget", "101%", "': '101%'" + budget),
        serve("--sample.cpu-budget", "NaN", "': 'NaN'" + budget),
        serve("--destinations.top", "x", "': 'x'" + top),
        serve("--namespaces.top", "1001", "': '1001'" + top),
        serve("--namespaces.max", "-1", "': '-1'" + top),
        serve("--source", "windows", "': 'windows'" + source),
        serve("--source", "replay:", "': 'replay:'" + source),
        serve(
            "--log.level",
            "loud",
            "': expected one of [DEBUG, INFO, WARN, ERROR] (case-insensitive) but was 'loud'"),
        // A line feed, an escape sequence and a right-to-left override.
        serve(
            "--sample.interval",
            "\u001b[31m5s\nINFO \u202eall is well",
            "': '\\u001b[31m5s\\u000aINFO \\u202eall is well'" + interval),
        serve("--destinations.top", "-1", "': '-1'" + top),
        serve("--destinations.top", "1001", "': '1001'" + top),
        arguments("portpool serve", path, List.of("serve", "--web.telemetry-path=metrics")),
        arguments("portpool serve", path, List.of("serve", "--web.telemetry-path=/a b")),
        arguments("portpool serve", path, List.of("serve", "--web.telemetry-path=/-/ready")),
        arguments(
            "portpool status",
            "Invalid value for option '--watch': '5'" + interval,
            List.of("status", "--watch=5")),
        arguments("portpool doctor", "Unknown option: '--nope'", List.of("doctor", "--nope")),
        who("'65536' is not a port: ports are numbers from 1 to 65535", "65536"),
        who("'0' is not a port: ports are numbers from 1 to 65535", "0"),
        who("'4294967376' is not a port: ports are numbers from 1 to 65535", "4294967376"),
        who("name one process, or only ports: each is a number from 1 to 65535", "80", "nginx"),
        who(
            "at most 100 ports can be asked for at once, or one range",
            IntStream.range(1, 102).mapToObj(String::valueOf).toArray(String[]::new)),
        who(
            "a recording has no processes: choose --source auto, linux or oshi",
            "80",
            "--source=replay:x"),
        who(
            "Invalid value for option '--agent': 'file:///etc/passwd' is not an agent: write"
                + " it as http://localhost:10696",
            "80",
            "--agent=file:///etc/passwd"),
        who(
            "Invalid value for option '--agent': 'http://localhost:99999' is not an agent: write"
                + " it as http://localhost:10696",
            "80",
            "--agent=http://localhost:99999"),
        arguments("portpool record", "Missing required parameter: 'FILE'", List.of("record")));
  }

  private static Arguments who(String sentence, String... arguments) {
    List<String> all = new ArrayList<>(List.of("who"));
    all.addAll(List.of(arguments));
    return arguments("portpool who", sentence, all);
  }

  private static Arguments serve(String option, String value, String rest) {
    return arguments(
        "portpool serve",
        "Invalid value for option '" + option + rest,
        List.of("serve", option + "=" + value));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("usageErrors")
  void aWrongCommandLineIsAUsageError(String command, String sentence, List<String> arguments)
      throws Exception {
    Outcome outcome = Program.run(arguments.toArray(String[]::new));
    assertEquals(List.of("portpool: " + sentence, "Try '" + command + " --help'."), outcome.err());
    assertEquals(List.of(), outcome.out());
    assertEquals(USAGE, outcome.exitCode());
  }

  @Test
  void aReplayOfAMissingFileFails(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("missing.bin");
    fails(
        "there is no file " + file + ": write one with portpool record",
        AgentProcess.arguments("--source=replay:" + file));
  }

  @Test
  void aReplayOfSomethingElseFails(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("letter.txt"), "Dear kernel,\n");
    fails(
        "cannot replay " + file + " (not a file that portpool record wrote)",
        AgentProcess.arguments("--source=replay:" + file));
    fails(
        "cannot replay " + directory + " (Is a directory)",
        AgentProcess.arguments("--source=replay:" + directory));
  }

  @Test
  void aTakenPortFails() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Outcome outcome = Program.run("serve", "--web.listen-address=" + address);
      assertEquals(
          List.of(
              "portpool: cannot listen on "
                  + address
                  + ": Address already in use; choose another with --web.listen-address"),
          outcome.err());
      assertEquals(FAILED, outcome.exitCode());
    }
  }

  @Test
  void aRecordingIntoNoDirectoryFails(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("none/recording.bin");
    fails("cannot record to " + file + ": no such file or directory", "record", file.toString());
  }

  @Test
  void aFullDiskIsNoFailureOfTheKernel() throws Exception {
    fails("cannot record to /dev/full: No space left on device", "record", "/dev/full");
  }

  @ParameterizedTest
  @CsvSource({
    "3, check",
    "1, status",
    "1, status --watch",
    "1, record -",
    "2, doctor",
    "2, who --help",
    "2, who 9 --namespaces=host",
    "2, who 9 --json"
  })
  void whatCannotBeWrittenIsNoAnswer(int exitCode, String arguments) throws Exception {
    ProcessBuilder program =
        Program.process(arguments.split(" ")).redirectOutput(new File("/dev/full"));
    Outcome outcome = Program.run(program);
    assertEquals(exitCode, outcome.exitCode());
    assertEquals(
        exitCode == 3
            ? List.of()
            : List.of("portpool: cannot write to standard output: make room there"),
        outcome.err());
  }

  /** As SIGPIPE ends other programs: a shell says 128 + 13. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "status",
        "status --json",
        "status --watch",
        "doctor",
        "who 9 --namespaces=host",
        "who 9 --json",
        "record -",
        "record /dev/stdout",
        "serve --help",
        "--version"
      })
  void whoStopsReadingHearsNothing(String arguments) throws Exception {
    List<String> gone = List.of("sh", "-c", "{ sleep 0.1; \"$@\"; echo $? >&2; } | :", "sh");
    ProcessBuilder program =
        Program.process(gone, System.getProperty("java.class.path"), arguments.split(" "));
    assertEquals(List.of("141"), Program.run(program).err());
  }

  @ParameterizedTest
  @CsvSource({"3, check", "2, status", "2, doctor", "2, serve", "2, who 22"})
  void tooFewFilesAreSaidInOneLine(int exitCode, String arguments) throws Exception {
    List<String> few = List.of("sh", "-c", "ulimit -n 16; exec \"$@\"", "sh");
    ProcessBuilder program =
        Program.process(few, System.getProperty("java.class.path"), arguments.split(" "));
    program.command().removeIf(each -> each.startsWith("-XX:AOTCache=")); // as the launcher does
    Outcome outcome = Program.run(program);
    List<String> said = exitCode == 3 ? outcome.out() : outcome.err();
    assertEquals(1, said.size(), outcome.toString());
    assertTrue(said.getFirst().contains("too few open files are allowed: raise"), said.toString());
    assertEquals(exitCode, outcome.exitCode());
  }

  @ParameterizedTest
  @CsvSource({"3, check", "1, status", "2, doctor"})
  void anErrorIsNoAnswer(int exitCode, String command, @TempDir Path directory) throws Exception {
    // A damaged program: the maths of the pool are missing.
    Path classes =
        Path.of(Portpool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Program.run(new ProcessBuilder("cp", "-r", classes + "/.", directory.toString()));
    Files.delete(directory.resolve("io/github/portpool/pool/PoolUsages.class"));
    String classPath = directory + ":" + System.getProperty("java.class.path");
    Outcome outcome =
        Program.run(
            Program.process(List.of(), classPath.replace(":" + classes + ":", ":"), command));
    assertEquals(exitCode, outcome.exitCode());
    String said = String.join("\n", exitCode == 3 ? outcome.out() : outcome.err());
    assertTrue(said.contains("failed, please report it: java.lang.NoClassDefFoundError"), said);
    assertTrue(said.lines().count() == 1, said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "th-TH-u-nu-thai", "hi-IN-u-nu-deva", "tr-TR"})
  void numbersAreTheSameEverywhere(String tag) throws Exception {
    Locale locale = Locale.forLanguageTag(tag);
    List<List<String>> commands =
        List.of(
            List.of("check", "--source=replay:" + Golden.RECORDING),
            List.of("status", "--source=replay:" + Golden.RECORDING),
            List.of("status", "--json", "--source=replay:" + Golden.RECORDING),
            List.of("serve", "--help"));
    for (List<String> command : commands) {
      ProcessBuilder process = Program.process(command.toArray(String[]::new));
      process
          .environment()
          .put(
              "JDK_JAVA_OPTIONS",
              "-Duser.language=%s -Duser.country=%s -Duser.extensions=%s"
                  .formatted(
                      locale.getLanguage(),
                      locale.getCountry(),
                      locale.getExtension('u') == null ? "" : "u-" + locale.getExtension('u')));
      String said = String.join("\n", Program.run(process).out());
      assertTrue(said.matches("(?s).*[0-9].*"), said);
      assertEquals("", said.replaceAll("[^\\p{Nd}]|[0-9]", ""), said);
    }
  }

  @Test
  void aFailureWithoutAMessageIsExplained() throws Exception {
    ProcessBuilder process = Program.process("check", "--to=[::1]:5432");
    process.environment().put("JDK_JAVA_OPTIONS", "-Djava.net.preferIPv4Stack=true");
    String sentence =
        "PORTPOOL UNKNOWN - no route to ::1 (IPv6 is switched off here): name a host that can be"
            + " reached";
    assertEquals(List.of(sentence), Program.run(process).out());
  }

  @Test
  void valuesAreTakenAsTheyStand(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "hush\n");
    Outcome outcome = Program.run("check", "@" + secret);
    assertEquals(
        List.of("PORTPOOL UNKNOWN - Unmatched argument at index 1: '@" + secret + "'"),
        outcome.out());
    ProcessBuilder process = Program.process("serve");
    process.environment().put("PORTPOOL_SAMPLE_INTERVAL", "${env:HOME}");
    assertTrue(Program.run(process).err().getFirst().contains("'${env:HOME}' is not an interval"));
  }

  /** Words alone, in lines that fit: nothing is broken inside a value or a name. */
  @ParameterizedTest
  @CsvSource({"serve, 60", "serve, 80", "who, 60", "check, 72", "status, 100"})
  void helpIsBrokenBetweenWords(String command, String columns) throws Exception {
    List<String> wide = words(command, "400");
    assertEquals(wide, words(command, columns));
    assertTrue(wide.stream().noneMatch(word -> word.contains("${")), wide.toString());
  }

  private static List<String> words(String command, String columns) throws Exception {
    ProcessBuilder process = Program.process(command, "--help");
    process.environment().put("COLUMNS", columns);
    List<String> lines = Program.run(process).out();
    assertTrue(
        lines.stream().allMatch(line -> line.length() <= Integer.parseInt(columns)),
        lines.toString());
    return List.of(String.join(" ", lines).strip().split(" +"));
  }

  private static void fails(String sentence, String... arguments) throws Exception {
    Outcome outcome = Program.run(arguments);
    assertEquals(List.of("portpool: " + sentence), outcome.err());
    assertEquals(List.of(), outcome.out());
    assertEquals(FAILED, outcome.exitCode());
  }

  @ParameterizedTest
  @CsvSource({
    "status --namespace=all, --namespaces",
    "stauts, status",
    "check --warnign=5, --warning",
    "whatif, what-if"
  })
  void whatIsAlmostRightIsNamed(String arguments, String meant) throws Exception {
    Outcome outcome = Program.run(arguments.split(" "));
    assertTrue(outcome.exitCode() >= 2);
    String said = String.join("\n", outcome.out()) + String.join("\n", outcome.err());
    assertTrue(said.contains("did you mean ") && said.contains(meant), said);
  }

  @Test
  void aCheckGivesUpInTime() throws Exception {
    Outcome outcome = Program.run("check", "-t", "600", "-w", "99", "-c", "100");
    assertTrue(outcome.exitCode() < 3, outcome.out()::toString);
    assertTrue(outcome.out().getFirst().contains(";"), outcome.out()::toString);
  }

  @Test
  void helpIsWhatWasAskedFor() throws Exception {
    for (String command :
        new String[] {"serve", "who", "status", "check", "doctor", "what-if", "record"}) {
      Outcome outcome = Program.run(command, "--help");
      assertEquals(List.of(), outcome.err());
      assertEquals(0, outcome.exitCode());
      assertTrue(outcome.out().getFirst().startsWith("Usage: portpool " + command));
    }
    Outcome outcome = Program.run("--help");
    assertEquals(List.of(), outcome.err());
    assertEquals(0, outcome.exitCode());
    String help = String.join("\n", outcome.out());
    assertTrue(help.contains("serve") && help.contains("record"), help);
  }

  @Test
  void versionIsOneLine() throws Exception {
    Outcome outcome = Program.run("--version");
    assertEquals(List.of(), outcome.err());
    assertEquals(0, outcome.exitCode());
    assertEquals(1, outcome.out().size());
    String line = outcome.out().getFirst();
    assertTrue(line.matches("portpool, version \\S+ \\(revision \\S+, Java 25\\S*\\)"), line);
    assertFalse(line.contains("${"), line);
  }
}
