package io.github.portpool.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check of the agent's own server, with servers that do and do not answer. */
@NeedsHost
@Timeout(300)
class SelfCheckTest {
  /** One that answers as long as it is told to. */
  private static final class Server implements AutoCloseable {
    final ServerSocket listener;
    final List<Socket> unanswered = new CopyOnWriteArrayList<>();
    volatile boolean answers = true;

    Server(InetAddress address, int port) throws Exception {
      listener = new ServerSocket(port, 1, address);
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                Socket client = listener.accept();
                if (answers) {
                  client.close();
                } else {
                  unanswered.add(client); // the collector would close it
                }
              }
            } catch (Exception e) {
              // It is closed.
            }
          });
    }

    SelfCheck check() {
      return new SelfCheck(
          Set.of((InetSocketAddress) listener.getLocalSocketAddress()), Duration.ofSeconds(2));
    }

    @Override
    public void close() throws IOException {
      listener.close();
      for (Socket each : unanswered) {
        each.close();
      }
    }
  }

  @Test
  void silenceIsNoticed() throws Exception {
    try (Server server = new Server(InetAddress.getLoopbackAddress(), 0)) {
      SelfCheck check = server.check();
      assertTrue(check.answers());
      server.answers = false;
      assertFalse(check.answers());
      server.answers = true;
      assertTrue(check.answers());
      server.listener.close();
      Await.until("nobody listens", () -> !check.answers());
    }
  }

  @Test
  void whatNeverAnsweredMayBeShutToThisHost() throws Exception {
    try (Server server = new Server(InetAddress.getLoopbackAddress(), 0)) {
      server.answers = false;
      assertTrue(server.check().answers());
    }
  }

  @Test
  void anAddressOfAllIsAskedHere() throws Exception {
    try (Server server = new Server(InetAddress.ofLiteral("0.0.0.0"), 0)) {
      SelfCheck check = server.check();
      assertTrue(check.answers());
      server.answers = false;
      assertFalse(check.answers());
    }
  }

  @Test
  void aHostWithoutAPortCanAsk() throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(20_000, 20_003);
      netns.call(() -> {
        List<ServerSocket> taken = new ArrayList<>();
        try (Server server = new Server(InetAddress.getLoopbackAddress(), 10_696)) {
          for (int port = 20_000; port <= 20_003; port++) {
            taken.add(new ServerSocket(port));
          }
          SelfCheck check = server.check();
          assertTrue(check.answers());
          server.answers = false;
          assertFalse(check.answers(), "its silence was not heard");
        } finally {
          for (ServerSocket each : taken) {
            each.close();
          }
        }
        return null;
      });
    }
  }
}
