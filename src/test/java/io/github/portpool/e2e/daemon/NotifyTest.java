package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager hears; PackageTest has a real one. */
@MostlyWaits
class NotifyTest {
  private static final String LISTENER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace("@", "\\0", 1))
      s.settimeout(180)
      print("bound", flush=True)
      while True:
          print(s.recv(4096).decode().replace("\\n", " "), flush=True)
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"/notify", "@portpool-notify-test-"})
  void hearsReadyAndThatTheThreadLives(String kind) throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    String name = kind.startsWith("@") ? kind + ProcessHandle.current().pid() : folder + kind;
    Process listener = new ProcessBuilder("python3", "-c", LISTENER, name).start();
    try (BufferedReader heard = listener.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("bound", heard.readLine());
      ProcessBuilder process = Program.process(AgentProcess.arguments("--sample.interval=1h"));
      process.environment().put("NOTIFY_SOCKET", name);
      process.environment().put("WATCHDOG_USEC", "400000");
      try (AgentProcess agent = AgentProcess.start(process)) {
        String first = heard.readLine();
        while (first.equals("WATCHDOG=1")) {
          first = heard.readLine();
        }
        assertTrue(first.matches("READY=1 STATUS=Toward the worst destination .*"), first);
        assertEquals("WATCHDOG=1", heard.readLine());
        assertEquals("WATCHDOG=1", heard.readLine());
        assertEquals(200, agent.http().get("/-/ready").status());
      }
    } finally {
      listener.destroy();
    }
  }

  @Test
  void theWatchdogHearsNothingWhileTheServerIsStuck() throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    Needs.program("/usr/bin/strace", "strace");
    String name = folder.resolve("notify").toString();
    Process listener = new ProcessBuilder("python3", "-c", LISTENER, name).start();
    List<String> heard = new CopyOnWriteArrayList<>();
    Thread.ofVirtual().start(() -> listener.inputReader().lines().forEach(heard::add));
    Await.until("somebody listens", () -> heard.contains("bound"));
    ProcessBuilder process = Program.process(AgentProcess.arguments("--sample.interval=200ms"));
    process.environment().put("NOTIFY_SOCKET", name);
    process.environment().put("WATCHDOG_USEC", "400000");
    try (AgentProcess agent = AgentProcess.start(process)) {
      awaitPulse(heard);
      Process strace =
          new ProcessBuilder(
                  "strace",
                  "--attach=" + thread(agent.pid(), "portpool-web"),
                  "--trace=epoll_wait",
                  "--inject=epoll_wait:delay_enter=600000000")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        agent.awaitLog("the server does not answer");
        heard.clear();
        Thread.sleep(1000);
        assertEquals(List.of(), heard.stream().filter("WATCHDOG=1"::equals).toList());
      } finally {
        strace.destroyForcibly();
      }
      awaitPulse(heard);
    } finally {
      listener.destroy();
    }
  }

  private static void awaitPulse(List<String> heard) throws Exception {
    heard.clear();
    Await.until("the watchdog hears", () -> heard.contains("WATCHDOG=1"));
  }

  private static String thread(long process, String name) throws Exception {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(process), "task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals(name)) {
          return task.getFileName().toString();
        }
      }
    }
    throw new AssertionError("there is no thread " + name);
  }

  @Test
  void worksWithoutSomebodyWhoListens() throws Exception {
    ProcessBuilder process = Program.process(AgentProcess.arguments());
    process.environment().put("NOTIFY_SOCKET", folder.resolve("nobody").toString());
    try (AgentProcess agent = AgentProcess.start(process)) {
      agent.stop(); // after which all of the log is there
      assertTrue(
          agent.log().stream().anyMatch(line -> line.contains("the service manager did not hear")));
    }
  }
}
