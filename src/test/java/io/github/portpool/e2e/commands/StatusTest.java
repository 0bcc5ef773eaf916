package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Golden;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.export.text.Look;
import io.github.portpool.export.text.Order;
import io.github.portpool.export.text.StatusText;
import io.github.portpool.export.text.Style;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.SampleWatch;
import io.github.portpool.sample.Sampler;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.replay.RecordedKernel;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MostlyWaits
class StatusTest {
  private static final String FAILURES = "connect() calls that failed for lack of a port: ";
  private static final String REPLAY = "--source=replay:" + Golden.RECORDING;

  @Test
  void aPageOfText() throws Exception {
    Outcome outcome = Program.run("status", REPLAY);
    assertEquals(List.of(), outcome.err());
    assertEquals(0, outcome.exitCode());
    Golden.assertText("status.txt", withoutTime(outcome));
  }

  private static String withoutTime(Outcome outcome) {
    return String.join("\n", outcome.out()).replaceAll(" at \\S+Z", " at TIME") + "\n";
  }

  @Test
  void thePageFitsATerminal() throws Exception {
    Outcome outcome = Program.run("status", REPLAY);
    assertEquals(0, outcome.exitCode());
    assertTrue(
        outcome.out().size() > 10 && outcome.out().size() <= 24,
        () -> outcome.out().size() + " lines");
    outcome.out().forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void aTerminalGetsColours() throws Exception {
    try (SocketSource source = RecordedKernel.source(Golden.RECORDING)) {
      String page = StatusText.of(sample(source), Instant.EPOCH, Look.of("", Style.COLOUR, 80));
      Golden.assertText("status-colour.txt", page.replaceAll(" at \\S+Z", " at TIME"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 61, 63, 64, 69, 70, 80, 100, 200, 400})
  void noLineIsLongerThanTheTerminal(int width) throws Exception {
    try (SocketSource source = RecordedKernel.source(Golden.RECORDING)) {
      SampleReport report = sample(source);
      String host = "a-host-of-a-long-name.in.a.long.domain.example";
      String page = StatusText.of(report, Instant.EPOCH, Look.of(host, Style.PLAIN, width));
      page.lines().forEach(line -> assertTrue(line.length() <= width, line));
      assertTrue(page.contains(host), page);
      assertTrue(page.startsWith("portpool status OK at "), page);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 15, 19, 22, 23, 50})
  void thePageHasNoMoreLinesThanThereIsRoomFor(int rows) throws Exception {
    try (SocketSource source = RecordedKernel.source(Golden.RECORDING)) {
      Look look = Look.of("", Style.PLAIN, 80).with(Order.SOURCE, rows);
      List<String> lines = StatusText.of(sample(source), Instant.EPOCH, look).lines().toList();
      assertTrue(lines.size() <= rows, lines::toString);
      if (rows >= 19) {
        assertTrue(lines.getLast().startsWith("  conntrack"), "nothing is cut off: " + lines);
      }
    }
  }

  @Test
  void hostileNamesChangeNothingButThemselves() throws Exception {
    try (SocketSource source = RecordedKernel.source(Golden.RECORDING)) {
      SampleReport report = sample(source);
      Snapshot snapshot = Objects.requireNonNull(report.lastGood());
      PoolListener shown =
          snapshot.poolListeners().stream()
              .filter(listener -> !listener.reserved())
              .findFirst()
              .orElseThrow();
      OwningProcess evil = new OwningProcess(7, "\u001b[2J\n\u202eevil", "root\u0007");
      ControlGroup group = ControlGroup.of("/a\u009bb\n" + "x".repeat(300) + ".service");
      OwnerNames owners =
          new OwnerNames(Map.of(shown.controlGroup(), group), Map.of(shown.inode(), evil));
      String page =
          StatusText.of(withOwners(report, owners), Instant.EPOCH, Look.of("", Style.PLAIN, 80));
      assertTrue(page.contains("\\u001b[2J\\u000a\\u202eevil, pid 7"), page);
      page.lines()
          .forEach(line -> {
            assertTrue(line.length() <= 80, line);
            assertTrue(
                line.chars().allMatch(each -> each >= ' ' && each != 0x202e && each != 0x9b));
          });
    }
  }

  private static SampleReport withOwners(SampleReport report, OwnerNames owners) {
    return new SampleReport(
        report.source(),
        report.unavailable(),
        report.host(),
        report.others(),
        owners,
        report.search(),
        report.failures(),
        report.recentFailures(),
        report.failing(),
        report.since(),
        report.culprits(),
        report.cpuSecondsTotal(),
        report.intervalSeconds(),
        report.errors());
  }

  private static SampleReport sample(SocketSource source) {
    try (Sampler sampler =
        new Sampler(
            HostSources.of(source),
            new Sampler.Options(Duration.ofSeconds(5), new CpuBudget(1), new Bounds(5, 0, 100, 0)),
            SampleWatch.NOBODY,
            OwnerSource.none("not here"))) {
      return sampler.sample();
    }
  }

  @Test
  void otherNamespacesHaveALineEach() throws Exception {
    String name = "portpool-status-" + ProcessHandle.current().pid();
    try (Netns netns = Netns.create()) {
      netns.range(20_000, 20_099);
      netns.name(name);
      try (Population population = new Population()) {
        netns.call(() -> {
          check(population.listen(TestSocket.tcp(false), "0.0.0.0", 20_000));
          return null;
        });
        Outcome outcome = Program.run("status", "--namespaces=" + name);
        assertEquals(List.of(), outcome.err());
        String line =
            outcome.out().stream().filter(each -> each.contains(name)).findFirst().orElseThrow();
        assertTrue(line.matches("  " + name + " +\\[#\\.+] +1\\.0% +1 +99"), line);
      }
    }
  }

  @Test
  void aWatchCountsFailedCalls() throws Exception {
    Outcome outcome = Program.run("status", REPLAY);
    String page = String.join(" ", outcome.out()).replaceAll("\\s+", " ");
    assertTrue(page.contains(FAILURES + "not counted, this source shows sockets alone: use"), page);
    Process process = Program.process("status", "--watch=100ms").start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = "";
      while (!line.startsWith(FAILURES)) {
        line = Objects.requireNonNull(out.readLine(), "it has ended");
      }
      assertTrue(
          line.substring(FAILURES.length()).matches("(\\d+ since \\S+Z|not counted, .+)"), line);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void jsonIsTheSnapshot() throws Exception {
    Outcome outcome = Program.run("status", "--json", REPLAY);
    assertEquals(0, outcome.exitCode());
    assertEquals("{", outcome.out().getFirst());
    assertTrue(outcome.out().contains("  \"source\": \"replay\","), outcome.out().toString());
  }

  @Test
  void whatCannotBeReadFails(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("letter.txt"), "Dear kernel,\n");
    Outcome outcome = Program.run("status", "--source=replay:" + file);
    assertEquals(
        List.of("portpool: cannot replay " + file + " (not a file that portpool record wrote)"),
        outcome.err());
    assertEquals(List.of(), outcome.out());
    assertEquals(1, outcome.exitCode());
  }

  @Test
  void aWatchGoesOnUntilItIsInterrupted() throws Exception {
    Process process = Program.process("status", "--watch=100ms", REPLAY).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      int pages = 0;
      while (pages < 3) {
        String line = Objects.requireNonNull(out.readLine(), "it has ended");
        assertFalse(line.contains("\u001b"), line);
        pages += line.startsWith("portpool status") ? 1 : 0;
      }
      Program.run(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())));
      while (out.readLine() != null) {
        // Whatever it still says.
      }
      assertTrue(process.waitFor(3, TimeUnit.MINUTES));
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aWatchEndsWhenNobodyReads() throws Exception {
    Process process = Program.process("status", "--watch=100ms", REPLAY).start();
    try {
      process.inputReader(StandardCharsets.UTF_8).close();
      assertTrue(process.waitFor(3, TimeUnit.MINUTES));
      assertEquals(141, process.exitValue()); // as by SIGPIPE
    } finally {
      process.destroyForcibly();
    }
  }
}
