package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.TestSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code portpool who} asks an agent on a host that has no port left to ask with. */
@NeedsHost
class WhoExhaustedTest {
  private static final int ADDRESS_NOT_AVAILABLE = 99;

  /** A pool that sockets on a wildcard or another address have closed to every connect(). */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 0.0.0.0, 20000-20099, ''",
    "127.0.0.1, 127.0.0.9, 20000-20099, ''",
    "[::1], ::, 20000-20099, ''",
    "127.0.0.1, 0.0.0.0, 1024-65535, '1024-19999,20100-65535'",
    "[::1], ::, 1024-65535, '1024-19999,20100-65535'",
  })
  void thereIsAWayToAsk(String agent, String holder, String range, String reserved)
      throws Exception {
    List<TestSocket> held = new ArrayList<>();
    try (Netns netns = Netns.create()) {
      HttpServer server = netns.call(() -> serve(agent));
      netns.sysctl("ip_local_port_range", range.replace('-', ' '));
      netns.sysctl("ip_local_reserved_ports", reserved);
      try {
        boolean ipv6 = holder.contains(":");
        netns.call(() -> {
          for (int port = 20_000; port < 20_100; port++) {
            TestSocket socket = TestSocket.tcp(ipv6).reuseAddress();
            held.add(socket);
            assertEquals(0, socket.bind(holder, port));
          }
          return true;
        });
        int refused = netns.call(() -> connect(agent, server.getAddress().getPort()));
        assertEquals(ADDRESS_NOT_AVAILABLE, refused, "there is a port left");
        String url = "http://" + agent + ":" + server.getAddress().getPort();
        Outcome outcome =
            netns.call(() -> Program.run("who", "9", "--namespaces=host", "--agent=" + url));
        assertTrue(
            outcome.out().contains("The running agent has never seen anything there."),
            () -> outcome.out().toString());
      } finally {
        server.stop(0);
        held.forEach(TestSocket::close);
      }
    }
  }

  private static int connect(String address, int port) {
    try (TestSocket socket = TestSocket.tcp(address.contains(":"))) {
      return socket.connect(address.replaceAll("[\\[\\]]", ""), port);
    }
  }

  private static HttpServer serve(String address) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(address.replaceAll("[\\[\\]]", ""), 999), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"history\": []}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
