package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Kernel.Server;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random populations in a pool of 100: every prediction equals what the kernel then does.
 *
 * <p>{@code make oracle} runs 200; the system property {@code portpool.oracle.seed} repeats one.
 */
@NeedsHost
class OracleTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final String[] IPV4 = {"127.0.0.1", "127.0.0.2", "10.7.0.1"};
  private static final String[] IPV6 = {"::1", "fd00::7"};
  private static final int MAX_ACTIONS = 120;
  private static final int LOOPBACK_INTERFACE = 1;

  static LongStream fewSeeds() {
    return seeds().limit(10);
  }

  static LongStream seeds() {
    Long seed = Long.getLong("portpool.oracle.seed");
    return seed != null
        ? LongStream.of(seed)
        : new Random().longs(Integer.getInteger("portpool.oracle.populations", 25));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void predictionsAreExact(long seed) throws Exception {
    populate(new SplittableRandom(seed), 0, Agent::new);
  }

  /** The kernel's own tables show what sock_diag hides. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @EnabledIf("io.github.portpool.source.bpf.ReadableTables#areThere")
  void predictionsByTheTablesAreExactWithHiddenOwnersToo(long seed) throws Exception {
    populate(new SplittableRandom(seed), 5, Agent::best);
  }

  /**
   * What bind(0) and closed listeners leave behind closes ports, and sock_diag does not show it.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void predictionsAreUpperBoundsWithHiddenOwners(long seed) throws Exception {
    populate(new SplittableRandom(seed), 5, Agent::new);
  }

  private static void populate(SplittableRandom random, int hiddenOwners, Callable<Agent> agents)
      throws Exception {
    try (Netns netns = Netns.create()) {
      netns.range(FIRST, FIRST + PORTS - 1);
      netns.sysctl("tcp_tw_reuse", String.valueOf(random.nextInt(3)));
      netns.sysctl("tcp_timestamps", random.nextInt(4) == 0 ? "0" : "1");
      // Every TIME_WAIT is either old enough by the time it is asked about, or will never be.
      netns.reuseDelay(random.nextBoolean() || !Kernel.hasReuseDelay() ? 1 : 59_000);
      if (random.nextBoolean()) {
        netns.sysctl("ip_local_reserved_ports", reserved(random));
      }
      netns.address("10.7.0.1");
      netns.address("fd00::7");
      boolean proxied = random.nextInt(3) == 0;
      if (proxied) {
        Interception.routes(netns, FIRST, FIRST + PORTS - 1);
      }
      netns.call(() -> {
        agree(random, hiddenOwners, proxied, agents);
        return null;
      });
    }
  }

  private static String reserved(SplittableRandom random) {
    int from = FIRST + random.nextInt(PORTS);
    return from + "-" + (from + random.nextInt(20)) + "," + (FIRST + random.nextInt(PORTS));
  }

  private static void agree(
      SplittableRandom random, int hiddenOwners, boolean proxied, Callable<Agent> agents)
      throws Exception {
    TestSocket proxy = TestSocket.tcpNonBlocking(false);
    try (Interception interception = new Interception(proxied ? proxy.transparent() : proxy);
        Population population = new Population();
        Server web = new Server(80);
        Server database = new Server(5432);
        Agent agent = agents.call()) {
      Server[] servers = {web, database};
      for (int i = 0; i < hiddenOwners; i++) {
        hide(random, population, web);
      }
      // First, for a port that is closed so late in a pass counts twice where it also is a
      // client's.
      for (int i = proxied ? random.nextInt(10) : 0; i > 0; i--) {
        int port = FIRST + random.nextInt(PORTS);
        if (random.nextBoolean()) {
          interception.timeWait(port);
        } else {
          interception.finWait2(population, port);
        }
      }
      int actions = random.nextInt(MAX_ACTIONS);
      for (int i = 0; i < actions; i++) {
        if (!proxied) {
          act(random, population, servers[random.nextInt(2)], random.nextInt(30));
        } else if (random.nextInt(3) == 0) {
          interception.accept(population, FIRST + random.nextInt(PORTS));
        } else {
          // What a proxy's host has closed may have come in, so it does not close anything.
          act(random, population, servers[random.nextInt(2)], random.nextInt(4, 30));
        }
      }
      Kernel.ageTimeWaits();
      agent.sample();
      boolean seesBound = agent.available("bound_inactive");
      agree(seesBound, agent.bindFree("tcp"), Kernel.binds(), "bind(any, 0)");
      assertEquals(agent.bindFree("udp"), Kernel.udpBinds(), "UDP bind(any, 0)");
      assertEquals(
          agent.metric("portpool_worst_destination_free_ports", "protocol", "udp"),
          Kernel.udpConnects(),
          "UDP connect()");
      for (String peer : new String[] {"127.0.0.1", "::1"}) {
        int free = agent.udpHeadroom(peer, peer.contains(":") ? "[::1]:53" : "127.0.0.1:53");
        if (free >= 0) {
          assertEquals(Kernel.udpConnects(peer, 53), free, "UDP to " + peer);
        }
      }
      boolean exact =
          (hiddenOwners == 0 && seesBound)
              || agent.available("exact_blocked")
              || agent.declaresExact();
      int worst = agent.metric("portpool_worst_destination_free_ports", "protocol", "tcp");
      for (Server server : servers) {
        for (String source : IPV4) {
          for (String address : IPV4) {
            agree(agent, exact, worst, source, server, address, address + ":" + server.port());
          }
        }
        for (String source : IPV6) {
          for (String address : IPV6) {
            agree(
                agent, exact, worst, source, server, address, "[" + address + "]:" + server.port());
          }
        }
      }
    }
  }

  private static void agree(
      Agent agent,
      boolean exact,
      int worst,
      String source,
      Server server,
      String address,
      String destination) {
    agree(
        exact,
        worst,
        agent.connectHeadroom(source, destination),
        Kernel.connects(source, server, address),
        source + " to " + destination);
    agree(
        exact,
        worst,
        agent.connectHeadroom(source, LOOPBACK_INTERFACE, destination),
        Kernel.connects(source, server, address, LOOPBACK_INTERFACE),
        source + " to " + destination + " through lo");
  }

  private static void agree(boolean exact, int worst, int predicted, int real, String pair) {
    assertTrue(worst <= predicted, "the worst destination is the worst");
    agree(exact, predicted, real, pair);
  }

  private static void agree(boolean exact, int predicted, int real, String pair) {
    if (exact) {
      assertEquals(predicted, real, pair);
    } else {
      assertTrue(predicted >= real, () -> pair + ": " + predicted + " predicted, really " + real);
    }
  }

  /** Makes a bind bucket by bind() in a way that sock_diag does not show. */
  private static void hide(SplittableRandom random, Population population, Server server)
      throws Exception {
    String source = IPV4[random.nextInt(IPV4.length)];
    if (random.nextBoolean()) {
      population.bindThenConnect(source, 0, "127.0.0.1", server);
    } else {
      // A connection that came in through a listener which is gone.
      TestSocket listener = TestSocket.tcpNonBlocking(false).reuseAddress();
      if (listener.bind(source, FIRST + random.nextInt(PORTS)) == 0) {
        Kernel.check(listener.listen(1));
        TestSocket client = population.hold(TestSocket.tcp(false));
        Kernel.check(client.connect(source, listener.localPort()));
        population.hold(Population.accepted(listener::accept));
      }
      listener.close();
    }
  }

  /** One thing that programs do; that a port is taken already is part of the game. */
  private static void act(SplittableRandom random, Population population, Server server, int action)
      throws Exception {
    String source = IPV4[random.nextInt(IPV4.length)];
    String address = IPV4[random.nextInt(IPV4.length)];
    String ipv6 = IPV6[random.nextInt(IPV6.length)];
    int port = FIRST + random.nextInt(PORTS);
    boolean reuse = random.nextBoolean();
    switch (action) {
      case 0, 1 -> population.timeWait(source, address, server);
      case 2 -> population.timeWait(ipv6, ipv6, server);
      case 3 -> population.finWait2(source, address, server);
      case 4, 5, 6, 7, 8, 9 -> population.connect(source, address, server);
      case 10, 11 -> population.connect(ipv6, ipv6, server);
      case 12 -> population.connectMapped(source, address, server);
      case 13 -> population.closeWait(source, address, server);
      case 14 -> population.bindThenConnect(source, port, address, server);
      case 15 -> population.listen(optional(TestSocket.tcp(false), reuse), source, port);
      case 16 ->
          population.listen(
              optional(TestSocket.tcp(true).v6only(random.nextBoolean()), reuse), "::", port);
      case 17 ->
          population.bind(
              optional(TestSocket.tcp(false), reuse), source, random.nextBoolean() ? port : 0);
      case 18 ->
          population.bind(
              TestSocket.udp(true).v6only(random.nextBoolean()),
              "::",
              random.nextBoolean() ? port : 0);
      case 19, 20, 21 -> population.connectBoundTo(LOOPBACK_INTERFACE, source, address, server);
      case 22 -> population.connectBoundTo(LOOPBACK_INTERFACE, ipv6, ipv6, server);
      case 23 -> population.connectTransparent(source, address, server);
      case 24 -> population.hold(TestSocket.udp(true)).connect("::1", 53);
      case 25 -> population.bind(TestSocket.udp(true), ipv6, random.nextBoolean() ? port : 0);
      case 26 -> {
        TestSocket served = population.hold(TestSocket.udp(false).reusePort());
        if (served.bind(source, port) == 0) {
          served.connect(address, 40_000 + random.nextInt(20));
        }
      }
      default -> {
        TestSocket client = population.hold(TestSocket.udp(false));
        if (random.nextBoolean()) {
          client.connect(address, 53);
        } else {
          client.bind(source, random.nextBoolean() ? port : 0);
        }
      }
    }
  }

  private static TestSocket optional(TestSocket socket, boolean reuse) {
    return reuse ? socket.reuseAddress() : socket;
  }
}
