package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} asks the agent that runs as a service, where that knows. */
@MostlyWaits
class AgentCheckTest {
  private static final int PORTS = 100;

  @TempDir private Path runtime;
  private Netns netns;
  private Population population;
  private Server server;

  @BeforeEach
  void make() throws Exception {
    netns = Netns.create();
    netns.range(20_000, 20_000 + PORTS - 1);
    netns.call(() -> {
      population = new Population();
      server = new Server(80);
      return null;
    });
  }

  @AfterEach
  void remove() {
    population.close();
    server.close();
    netns.close();
  }

  private ProcessBuilder here(ProcessBuilder builder) {
    builder.environment().put("RUNTIME_DIRECTORY", runtime.toString());
    return builder;
  }

  /** It samples once, and takes no port of the range. */
  private AgentProcess agent() throws Exception {
    return AgentProcess.start(
        here(
            Program.process(
                "serve", "--sample.interval=10m", "--web.listen-address=127.0.0.1:10696")));
  }

  private String check(String... options) throws Exception {
    String[] all = new String[options.length + 1];
    all[0] = "check";
    System.arraycopy(options, 0, all, 1, options.length);
    Outcome outcome = Program.run(here(Program.process(all)));
    assertEquals(1, outcome.out().size(), outcome.toString());
    String line = outcome.out().getFirst();
    List<String> states = List.of("OK", "WARNING", "CRITICAL", "UNKNOWN");
    assertEquals(outcome.exitCode(), states.indexOf(line.split(" ", 3)[1]), line);
    return line;
  }

  private static void assertContains(String words, String text) {
    assertTrue(text.contains(words), text);
  }

  private void connect(int number) throws Exception {
    for (int i = 0; i < number; i++) {
      population.connect("127.0.0.1", "127.0.0.1", server);
    }
  }

  @Test
  void saysWhatTheAgentSawLast() throws Exception {
    netns.call(() -> {
      connect(90);
      try (AgentProcess agent = agent()) {
        connect(8);
        assertContains("PORTPOOL WARNING - 10 of 100 ports free", check());
        assertContains("PORTPOOL CRITICAL - 10 of 100", check("-c", "90"));
        assertContains("PORTPOOL OK - 10 of 100", check("-w", "90.5"));
        assertContains("PORTPOOL CRITICAL - at most 2 of 100", check("--source=linux"));
        assertContains(" 2 of 100", check("--to=127.0.0.1:80"));
        assertEquals(0, agent.stop());
      }
      assertFalse(Files.exists(runtime.resolve("agent.sock")));
      assertContains(" 2 of 100 ports free", check());
      return null;
    });
  }

  @Test
  void anAgentOfAnotherNamespaceOrWithoutAnAnswerIsNotAsked() throws Exception {
    try (AgentProcess _ = agent()) {
      netns.call(() -> {
        assertContains(" 100 of 100 ports free", check());
        return null;
      });
    }
    netns.call(() -> {
      connect(20);
      try (AgentProcess agent = agent()) {
        connect(5);
        assertContains(" 80 of 100 ports free", check());
        signal(agent, "STOP");
        assertContains(" 75 of 100 ports free", check());
        signal(agent, "CONT");
      }
      return null;
    });
  }

  private static void signal(AgentProcess agent, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, "" + agent.pid()).start().waitFor();
  }

  /** Its file is for every user; one that a killed agent left is replaced. */
  @Test
  void everyUserMayAskBySocket() throws Exception {
    Path file = Files.createFile(runtime.resolve("agent.sock"));
    netns.call(() -> {
      connect(20);
      try (AgentProcess _ = agent()) {
        assertEquals(
            "rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertContains("PORTPOOL OK - 80 of 100 ports free", ask(file, "/api/v1/check"));
        assertContains("HTTP/1.1 421 ", ask(file, "/api/v1/check?netns=1"));
        assertContains("HTTP/1.1 400 ", ask(file, "/api/v1/check?warning=x"));
        assertContains("below --warning\n", ask(file, "/api/v1/check?warning=99"));
        assertContains("HTTP/1.1 400 ", ask(file, "/api/v1/check?colour=red"));
        assertContains("portpool is ready.\n", ask(file, "/-/ready"));
      }
      return null;
    });
  }

  private static String ask(Path file, String page) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      String question = "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n".formatted(page);
      Channels.newOutputStream(channel).write(question.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      return new String(answer, StandardCharsets.UTF_8);
    }
  }
}
