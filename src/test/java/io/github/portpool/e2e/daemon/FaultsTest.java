package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong on real hosts costs the sample at hand, is counted, and is over when it is over.
 */
@MostlyWaits
@Order(2)
@Timeout(300)
class FaultsTest {
  private static final String STRACE = "/usr/bin/strace";
  private static final String TIMESTAMP = "portpool_sample_timestamp_seconds{netns=\"host\"}";
  private static final String SUCCESS = "portpool_sample_success{netns=\"host\"}";
  private static final String[] BUSY = {"--sample.interval=200ms", "--sample.cpu-budget=100%"};
  private static final String[] NETLINK = {BUSY[0], BUSY[1], "--source=linux"};
  private static final int PORT = 10_696;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "sendto, ENOBUFS",
    "sendto, ENOMEM",
    "recvfrom, ENOBUFS",
    "recvfrom, ENOMEM",
    "recvfrom, EIO"
  })
  void netlinkErrorsCostSamples(String call, String error) throws Exception {
    try (AgentProcess agent = AgentProcess.serve(NETLINK)) {
      try (Trace fault = Trace.failing(agent, call, error)) {
        awaitValue(agent, SUCCESS, 0);
        Scrape failing = agent.scrape();
        double age = failing.value(TIMESTAMP);
        double errors = errors(failing);
        assertTrue(errors > 0);
        Await.until("it has failed again", () -> errors(agent.scrape()) >= errors + 2);
        assertEquals(age, agent.scrape().value(TIMESTAMP), "the last good sample stays");
        assertTrue(fault.lasts());
      }
      recovers(agent);
    }
  }

  @Test
  void aSignalInTheMiddleCostsNothing() throws Exception {
    try (AgentProcess agent = AgentProcess.serve(NETLINK)) {
      try (Trace fault = Trace.failing(agent, "sendto,recvfrom", "EINTR:when=1+3")) {
        double start = agent.scrape().value(TIMESTAMP);
        Await.until(
            "it has sampled for a second",
            () -> {
              assertTrue(fault.lasts());
              return agent.scrape().value(TIMESTAMP) >= start + 1;
            });
      }
      Scrape after = agent.scrape();
      assertEquals(0, errors(after), () -> after.series() + "\n" + agent.log());
      recovers(agent);
    }
  }

  @ParameterizedTest
  @CsvSource({"openat, EMFILE", "openat, ENOMEM"})
  void filesThatCannotBeReadEndNothing(String call, String error) throws Exception {
    try (AgentProcess agent = AgentProcess.serve(BUSY)) {
      // Its classes are files, too: here they are not in a jar that stays open.
      agent.scrape();
      try (Trace fault = Trace.failing(agent, call, error)) {
        assertTrue(fault.lasts());
        // Listeners come, whose owners are looked for in /proc.
        for (int i = 0; i < 20; i++) {
          try (ServerSocket listener = new ServerSocket(0)) {
            assertTrue(listener.isBound());
            agent.scrape();
            Thread.sleep(20);
          }
        }
      }
      recovers(agent);
    }
  }

  @Test
  void withoutFileDescriptorsItWaitsForBetterTimes() throws Exception {
    try (AgentProcess agent = AgentProcess.serve(BUSY)) {
      limitFiles(agent, 3);
      Thread.sleep(1000);
      limitFiles(agent, 4096);
      recovers(agent);
    }
  }

  @Test
  void withFewFilesNeitherClientsNorNamespacesTakeThemAll() throws Exception {
    Needs.program("/usr/bin/prlimit", "util-linux");
    Needs.root();
    String prefix = "portpool-" + ProcessHandle.current().pid() + "-";
    List<Socket> silent = new ArrayList<>();
    ProcessBuilder process =
        Program.process(
            List.of("prlimit", "--nofile=300:300"),
            System.getProperty("java.class.path"),
            AgentProcess.arguments("--namespaces=all", BUSY[0], BUSY[1]));
    try {
      for (int i = 0; i < 60; i++) {
        command("ip", "netns", "add", prefix + i);
      }
      try (AgentProcess agent = AgentProcess.start(process)) {
        awaitValue(agent, SUCCESS, 1);
        Await.until(
            "it leaves namespaces out",
            () -> agent.scrape().value("portpool_untracked_namespaces") >= 10);
        for (int i = 0; i < 300; i++) {
          Socket socket = new Socket();
          silent.add(socket);
          socket.connect(agent.address(), 5000);
        }
        // Whoever has no file for accept(2) tries again at once, and takes a whole core.
        Path calls = directory.resolve("calls");
        try (Trace trace = Trace.of(agent, calls, "-e", "trace=accept,accept4")) {
          awaitAnswer(agent);
          assertTrue(trace.lasts());
        }
        List<String> accepts = Files.readAllLines(calls);
        assertTrue(accepts.stream().anyMatch(line -> line.contains("accept")), "it was traced");
        assertEquals(List.of(), accepts.stream().filter(line -> line.contains("EMFILE")).toList());
        assertEquals(0, agent.stop());
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
      for (int i = 0; i < 60; i++) {
        command("ip", "netns", "delete", prefix + i);
      }
    }
  }

  private static void command(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** Clients that say nothing are sent away before long. */
  private static void awaitAnswer(AgentProcess agent) throws Exception {
    Await.until(
        "it answers",
        () -> {
          try {
            return agent.scrape().value(SUCCESS) == 1;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** A memory control group has little more than the agent needs, and all pages are asked for. */
  @Test
  void withLittleMemoryItAnswers() throws Exception {
    Needs.root();
    Path groups = Path.of("/sys/fs/cgroup/memory");
    assumeTrue(
        Files.exists(groups.resolve("cgroup.procs")), "there is no control group of memory here");
    Path group = Files.createDirectory(groups.resolve("portpool-" + ProcessHandle.current().pid()));
    try {
      Files.writeString(group.resolve("memory.limit_in_bytes"), String.valueOf(64 << 20));
      String join = "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"";
      ProcessBuilder process =
          Program.process(
              List.of("sh", "-c", join, "sh"),
              System.getProperty("java.class.path"),
              AgentProcess.arguments(BUSY));
      try (AgentProcess agent = AgentProcess.start(process)) {
        for (int i = 0; i < 300; i++) {
          for (String page : List.of("/metrics", "/ports", "/api/v1/map", "/api/v1/snapshot")) {
            int status = agent.http().get(page).status();
            assertTrue(status == 200 || status == 503, page + ": " + status);
          }
        }
        recovers(agent);
      }
    } finally {
      awaitEmpty(group);
      Files.delete(group);
    }
  }

  private static void awaitEmpty(Path group) throws Exception {
    Path members = group.resolve("cgroup.procs");
    Await.until("the control group is empty", () -> Files.readString(members).isEmpty());
  }

  private static void limitFiles(AgentProcess agent, int limit) throws Exception {
    Needs.program("/usr/bin/prlimit", "util-linux");
    command("prlimit", "--pid=" + agent.pid(), "--nofile=" + limit + ":");
  }

  @Test
  void afterAPauseSamplesDoNotComeInABurst() throws Exception {
    try (AgentProcess agent = AgentProcess.serve(BUSY)) {
      double before = agent.scrape().value(TIMESTAMP);
      signal("STOP", agent);
      Thread.sleep(3000);
      signal("CONT", agent);
      TreeSet<Double> samples = new TreeSet<>();
      Await.until(
          "it has sampled for two seconds",
          () -> {
            double sample = agent.scrape().value(TIMESTAMP);
            if (sample > before) {
              samples.add(sample);
            }
            return samples.size() > 1 && samples.last() - samples.first() >= 2;
          });
      // By the agent's own clock.
      double elapsed = samples.last() - samples.first();
      assertTrue(samples.size() <= elapsed / 0.2 + 2, samples.size() + " samples in " + elapsed);
      assertEquals(0, errors(agent.scrape()));
    }
  }

  private static void signal(String name, AgentProcess agent) throws Exception {
    command("kill", "-" + name, String.valueOf(agent.pid()));
  }

  @Test
  void aClockThatIsSetDoesNotChangeItsPace() throws Exception {
    Path library = Path.of("/usr/lib", gnuTriplet(), "faketime/libfaketime.so.1");
    assumeTrue(Files.exists(library), library + " is missing: install the Debian package faketime");
    Path clock = Files.writeString(directory.resolve("clock"), "+0\n");
    ProcessBuilder process = Program.process(AgentProcess.arguments(BUSY));
    process.environment().put("LD_PRELOAD", library.toString());
    process.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
    process.environment().put("FAKETIME_NO_CACHE", "1");
    process.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    process.environment().put("DONT_FAKE_MONOTONIC", "1");
    try (AgentProcess agent = AgentProcess.start(process)) {
      double real = agent.scrape().value(TIMESTAMP);
      for (int days : List.of(-30, 30, 0)) {
        Files.writeString(clock, (days < 0 ? "" : "+") + days + "d\n");
        double wanted = real + days * 86_400.0;
        Await.until(
            "it has the time that was set",
            () -> Math.abs(agent.scrape().value(TIMESTAMP) - wanted) < 3600);
        Scrape scrape = agent.scrape();
        assertEquals(1, scrape.value(SUCCESS));
        assertEquals(0.2, scrape.value("portpool_sample_interval_seconds"));
        double took = scrape.value("portpool_sample_duration_seconds{netns=\"host\"}");
        assertTrue(took >= 0 && took < 3600, "a sample took " + took + " s");
        String port = "/api/v1/ports/" + agent.address().getPort();
        // Who asks often may have to wait.
        Await.until("it looks a port up", () -> agent.http().get(port).status() == 200);
        String ready = agent.http().get("/-/ready").text();
        assertEquals(200, agent.http().get("/api/v1/history").status(), ready);
      }
      assertEquals(0, errors(agent.scrape()));
      assertEquals(0, agent.stop());
    }
  }

  private static String gnuTriplet() {
    return System.getProperty("os.arch").equals("aarch64")
        ? "aarch64-linux-gnu"
        : "x86_64-linux-gnu";
  }

  @Test
  void processesMayDieWhileTheyAreLookedAt() throws Exception {
    try (AgentProcess agent = AgentProcess.serve(BUSY)) {
      ProcessBuilder crowd =
          new ProcessBuilder(
              "sh", "-c", "while :; do for i in 1 2 3 4 5 6 7 8; do sleep 0.01 & done; wait; done");
      Process processes = crowd.start();
      try {
        for (int i = 0; i < 50; i++) {
          try (ServerSocket listener = new ServerSocket(0)) {
            Http.Answer answer = agent.http().get("/api/v1/ports/" + listener.getLocalPort());
            assertTrue(answer.status() == 200 || answer.status() == 503, answer.text());
          }
        }
      } finally {
        processes.destroy();
        processes.waitFor();
      }
      assertEquals(0, errors(agent.scrape()));
      recovers(agent);
    }
  }

  @Test
  void aPoolWithoutAPortIsStillTold() throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(20_000, 20_019);
      netns.call(() -> {
        List<ServerSocket> taken = new ArrayList<>();
        try (AgentProcess agent = AgentProcess.serve(BUSY)) {
          for (int port = 20_000; port < 20_020; port++) {
            if (port != agent.address().getPort()) {
              taken.add(new ServerSocket(port));
            }
          }
          String free = "portpool_worst_destination_free_ports{netns=\"host\",protocol=\"tcp\"}";
          // A client names its port, for the kernel has none to give.
          int client = 1024;
          Scrape scrape = scrapeFrom(client, agent.address());
          while (scrape.value(free) > 0) {
            Thread.sleep(20);
            scrape = scrapeFrom(++client, agent.address());
          }
          assertEquals(1, scrape.value(SUCCESS));
        } finally {
          for (ServerSocket each : taken) {
            each.close();
          }
        }
        return null;
      });
    }
  }

  private static Scrape scrapeFrom(int port, InetSocketAddress agent) throws Exception {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(agent.getAddress(), port));
      socket.connect(agent, 5000);
      String request = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Scrape.of(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A full disk.
        "exec \"$@\" 2>/dev/full",
        // A pipe whose reader is gone.
        "mkfifo p; exec 3<>p; exec 2>p 3>&-; exec \"$@\"",
        // A full pipe that nobody reads.
        "mkfifo p; exec 3<>p;"
            + " dd if=/dev/zero of=p bs=4096 count=99 oflag=nonblock 2>/dev/null; exec \"$@\" 2>p",
        // Closed.
        "exec \"$@\" 2>&-"
      })
  void aLogThatTakesNothingStopsNothing(String shell) throws Exception {
    try (Netns netns = Netns.create()) {
      netns.call(() -> {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh"));
        String listen = "--web.listen-address=127.0.0.1:" + PORT;
        command.addAll(Program.process("serve", listen, BUSY[0], BUSY[1]).command());
        Process process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
          Http http = new Http(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
          awaitReady(http, process);
          double first = Scrape.of(http.get("/metrics").text()).value(TIMESTAMP);
          Await.until(
              "it has sampled for a second",
              () -> Scrape.of(http.get("/metrics").text()).value(TIMESTAMP) >= first + 1);
          process.toHandle().destroy();
          assertTrue(process.waitFor(3, TimeUnit.MINUTES), "SIGTERM does not end it");
          assertEquals(0, process.exitValue());
        } finally {
          process.destroyForcibly();
        }
        return null;
      });
    }
  }

  private static void awaitReady(Http http, Process process) throws Exception {
    Await.until(
        "it is ready",
        () -> {
          assertTrue(process.isAlive(), "it has ended");
          try {
            return http.get("/-/ready").status() == 200;
          } catch (ConnectException e) {
            return false;
          }
        });
  }

  /** The agent lives, and its samples are good and go on. */
  private static void recovers(AgentProcess agent) throws Exception {
    awaitValue(agent, SUCCESS, 1);
    double last = agent.scrape().value(TIMESTAMP);
    Await.until("it samples again", () -> agent.scrape().value(TIMESTAMP) > last);
    assertEquals(200, agent.http().get("/-/healthy").status());
    assertEquals(0, agent.stop());
  }

  private static void awaitValue(AgentProcess agent, String series, double value) throws Exception {
    Await.until(series + " is " + value, () -> agent.scrape().value(series) == value);
  }

  private static double errors(Scrape scrape) {
    List<String> errors =
        scrape.series().keySet().stream()
            .filter(each -> each.startsWith("portpool_sample_errors_total{"))
            .toList();
    assertFalse(errors.isEmpty());
    return errors.stream().mapToDouble(scrape::value).sum();
  }

  /** strace(1), attached to a running agent. */
  private record Trace(Process strace) implements AutoCloseable {
    /** Lets system calls fail. */
    static Trace failing(AgentProcess agent, String calls, String error) throws Exception {
      String inject = "inject=" + calls + ":error=" + error;
      return of(agent, Path.of("/dev/null"), "-e", "trace=" + calls, "-e", inject);
    }

    static Trace of(AgentProcess agent, Path output, String... options) throws Exception {
      Needs.program(STRACE, "strace");
      List<String> command = new ArrayList<>(List.of(STRACE, "-f", "-o", output.toString()));
      command.addAll(List.of(options));
      command.addAll(List.of("-p", String.valueOf(agent.pid())));
      Process strace =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Path status = Path.of("/proc", String.valueOf(agent.pid()), "status");
      Await.until(
          "it is traced",
          () -> !strace.isAlive() || !Files.readString(status).contains("TracerPid:\t0\n"));
      assumeTrue(strace.isAlive(), "ptrace(2) is not allowed here");
      return new Trace(strace);
    }

    boolean lasts() {
      return strace.isAlive();
    }

    @Override
    public void close() {
      // Whom it traces goes on at once.
      strace.destroyForcibly();
      strace.onExit().join();
    }
  }
}
