package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets that systemd opens; what hands them over is systemd's own program. */
@MostlyWaits
class SocketActivationTest {
  private static final String ACTIVATE = "/usr/bin/systemd-socket-activate";
  private static final Http HTTP =
      new Http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 10696));

  @BeforeAll
  static void needs() {
    Needs.root();
    Needs.program(ACTIVATE, "systemd");
  }

  /** The agent, started by the first connection to one of some sockets. */
  private static ProcessBuilder activated(String... options) {
    List<String> prefix = new ArrayList<>(List.of(ACTIVATE));
    prefix.addAll(List.of(options));
    return Program.process(
        prefix,
        System.getProperty("java.class.path"),
        "serve",
        "--web.systemd-socket",
        "--web.listen-address=127.0.0.1:10697");
  }

  /** An agent on its way, in a network namespace of its own. */
  private record Activated(Netns netns, Process process, List<String> log, Thread reader)
      implements AutoCloseable {
    /** Waits with some sockets for whoever connects first. */
    static Activated with(String... options) throws Exception {
      Netns netns = Netns.create();
      Process process = netns.call(() -> activated(options).start());
      List<String> log = new CopyOnWriteArrayList<>();
      Thread reader =
          Thread.ofVirtual()
              .start(() -> process.errorReader(StandardCharsets.UTF_8).lines().forEach(log::add));
      Await.until(
          "it waits",
          () ->
              log.stream().filter(each -> each.startsWith("Listening on ")).count()
                  == options.length);
      return new Activated(netns, process, log, reader);
    }

    int exitCode() throws Exception {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES));
      reader.join();
      return process.exitValue();
    }

    boolean says(String end) {
      return log.stream().anyMatch(line -> line.endsWith(end));
    }

    @Override
    public void close() {
      process.destroyForcibly();
      netns.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:10696, 127.0.0.1:10696", "10696, '[::]:10696'"})
  void theFirstConnectionStartsTheAgentAndIsAnswered(String socket, String said) throws Exception {
    try (Activated agent = Activated.with("--listen=" + socket)) {
      for (int request = 0; request < 3; request++) {
        assertEquals(200, agent.netns().call(() -> HTTP.get("/-/healthy")).status());
      }
      agent.process().toHandle().destroy();
      assertEquals(0, agent.exitCode());
      assertTrue(agent.says(" INFO listening on " + said), agent.log()::toString);
      assertTrue(agent.says(" INFO stopped"), agent.log()::toString);
      assertFalse(agent.says(":10697"), agent.log()::toString);
    }
  }

  @Test
  void ofTwoSocketsNoneIsServed() throws Exception {
    try (Activated agent = Activated.with("--listen=10696", "--listen=10697")) {
      agent.netns().call(HTTP::connect).close();
      assertEquals(1, agent.exitCode());
      assertTrue(
          agent.log().getLast().contains("has handed over 2 sockets"), agent.log()::toString);
    }
  }

  @Test
  void aSocketOfUnixIsNotServed(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("socket");
    try (Activated agent = Activated.with("--listen=" + path);
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertTrue(client.isConnected());
      assertEquals(1, agent.exitCode());
      assertTrue(
          agent.log().getLast().contains("is no listening TCP socket"), agent.log()::toString);
    }
  }

  @Test
  void withoutASocketItDoesNotStart() throws Exception {
    Outcome outcome = Program.run("serve", "--web.systemd-socket");
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().getFirst().contains("start portpool.socket"), outcome::toString);
  }
}
