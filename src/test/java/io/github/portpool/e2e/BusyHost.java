package io.github.portpool.e2e;

import static io.github.portpool.oracle.Kernel.check;

import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A namespace with an ephemeral range of the usual size and sockets of every kind in it. */
public final class BusyHost implements AutoCloseable {
  public static final int LISTENER = 47_000;
  public static final int UDP = 53_001;
  public static final int RESERVED = 45_056;
  public static final int FREE = 60_001;
  private static final String V4 = "127.0.0.1";

  private final Netns netns;
  private final Population population = new Population();
  private final List<Server> servers = new ArrayList<>();

  private BusyHost(Netns netns) {
    this.netns = netns;
  }

  /** Makes it; skips the test where a namespace may not be made. */
  public static BusyHost create(int connections, int timeWaits) throws Exception {
    Netns netns = Netns.create();
    BusyHost host = new BusyHost(netns);
    try {
      netns.range(32_768, 60_999);
      netns.sysctl("ip_local_reserved_ports", "%d-%d,49500".formatted(RESERVED, RESERVED + 1023));
      netns.sysctl("tcp_tw_reuse", "0");
      netns.sysctl("tcp_max_tw_buckets", "65536");
      netns.call(() -> host.populate(connections, timeWaits));
      return host;
    } catch (Exception | Error e) {
      host.close();
      throw e;
    }
  }

  private boolean populate(int connections, int timeWaits) throws Exception {
    for (int port : new int[] {80, 443, 5432, 6379, 9092}) {
      servers.add(new Server(port));
    }
    check(population.listen(TestSocket.tcp(false), "0.0.0.0", LISTENER));
    check(population.listen(TestSocket.tcp(false), V4, 8080));
    check(population.listen(TestSocket.tcp(true), "::1", 50_051));
    check(population.bind(TestSocket.tcp(false), V4, 52_000));
    for (int port : new int[] {53, 123, 5353, UDP}) {
      check(population.bind(TestSocket.udp(false), "0.0.0.0", port));
    }
    for (int i = 0; i < timeWaits; i++) {
      population.timeWait(V4, V4, servers.get(i % 3));
    }
    for (int i = 0; i < connections; i++) {
      check(population.connect(V4, V4, servers.get(i * i % 5)));
    }
    for (int i = 0; i < connections / 20; i++) {
      population.closeWait(V4, V4, servers.get(2));
      check(population.hold(TestSocket.udp(false)).connect(V4, 53));
    }
    return true;
  }

  /** Opens connections to one of its servers, and keeps them open. */
  public void connect(int connections) throws Exception {
    for (int i = 0; i < connections; i++) {
      check(call(() -> population.connect(V4, V4, servers.getLast())));
    }
  }

  /** Opens and closes connections to one of its servers, whose ports stay in TIME_WAIT. */
  public void connectAndClose(int connections) throws Exception {
    for (int i = 0; i < connections; i++) {
      call(() -> {
        population.timeWait(V4, V4, servers.getLast());
        return true;
      });
    }
  }

  /** Adds an address to loopback. */
  public void address(String address) throws Exception {
    netns.address(address);
  }

  /** Runs something in it. */
  public <T> T call(Callable<T> work) throws Exception {
    return netns.call(work);
  }

  @Override
  public void close() {
    population.close();
    servers.forEach(Server::close);
    netns.close();
  }
}
