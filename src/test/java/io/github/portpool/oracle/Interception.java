package io.github.portpool.oracle;

import static io.github.portpool.oracle.Kernel.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A transparent proxy: what is sent to one address, whatever the port, comes to its listener. */
final class Interception implements AutoCloseable {
  private static final String ELSEWHERE = "10.8.0.1";
  private static final String CLIENT = "127.0.0.5";
  private static final int LISTENER_PORT = 81;
  private static final int FIRST_CLIENT_PORT = 40_000;

  private final TestSocket listener;
  private int clients;

  /** Listens; the socket has IP_TRANSPARENT and does not block. */
  Interception(TestSocket listener) {
    this.listener = listener;
    check(listener.bind("0.0.0.0", LISTENER_PORT));
    check(listener.listen(256));
  }

  /** Makes a namespace bring it what is sent to some ports; skips the test without nft(8). */
  static void routes(Netns netns, int first, int last) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/nft")),
        "nft is missing: install the Debian package nftables");
    netns.address(ELSEWHERE);
    netns.ip("rule", "add", "fwmark", "1", "lookup", "100");
    netns.ip("route", "add", "local", "default", "dev", "lo", "table", "100");
    netns.run(
        "nft",
        "table ip proxy { chain prerouting { type filter hook prerouting priority mangle;"
            + " ip daddr %s tcp dport %d-%d tproxy to :%d meta mark set 1 accept; }; }"
                .formatted(ELSEWHERE, first, last, LISTENER_PORT));
  }

  /** A connection to a port; both its ends are held. */
  void accept(Population population, int port) throws InterruptedException {
    population.hold(client(port));
    population.hold(Population.accepted(listener::accept));
  }

  /** A connection to a port that the proxy has closed, and then the client. */
  void timeWait(int port) throws InterruptedException {
    TestSocket client = client(port);
    Population.accepted(listener::accept).close();
    client.close();
  }

  /** A connection to a port that the proxy has closed and the client has not. */
  void finWait2(Population population, int port) throws InterruptedException {
    population.hold(client(port));
    Population.accepted(listener::accept).close();
  }

  /** A client whose own port lies outside the range. */
  private TestSocket client(int port) {
    TestSocket client = TestSocket.tcp(false);
    check(client.bind(CLIENT, FIRST_CLIENT_PORT + clients++));
    check(client.connect(ELSEWHERE, port));
    return client;
  }

  @Override
  public void close() {
    listener.close();
  }
}
