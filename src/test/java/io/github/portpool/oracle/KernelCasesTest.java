package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Kernel.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One way of taking ports at a time, in a namespace with a pool of 100: what the metrics predict is
 * what the kernel then does, exactly.
 */
@NeedsHost
class KernelCasesTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final String A = "127.0.0.1";
  private static final String B = "127.0.0.2";
  private static final String NOT_LOOPBACK = "10.7.0.1";
  private static final String V6 = "::1";
  private static final String V6_OTHER = "fd00::7";

  private Netns netns;
  private Population population;
  private Server web;
  private Server database;
  private Agent agent;

  /** What a case does in the namespace. */
  private interface Case {
    void run() throws Exception;
  }

  @BeforeEach
  void makeNamespace() throws Exception {
    netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    netns.address(NOT_LOOPBACK);
    netns.address(V6_OTHER);
    in(() -> {
      population = new Population();
      web = new Server(80);
      database = new Server(5432);
      agent = new Agent();
    });
  }

  @AfterEach
  void removeNamespace() throws Exception {
    if (agent != null) {
      in(() -> {
        agent.close();
        population.close();
        web.close();
        database.close();
      });
      netns.close();
    }
  }

  private void in(Case work) throws Exception {
    netns.call(() -> {
      work.run();
      return null;
    });
  }

  /** Holds every prediction against the kernel; binds first, for a connect may end a TIME_WAIT. */
  private void agree() {
    agent.sample();
    assertEquals(agent.bindFree("tcp"), Kernel.binds(), "bind(any, 0)");
    assertEquals(agent.bindFree("udp"), Kernel.udpBinds(), "UDP bind(any, 0)");
    assertEquals(
        agent.metric("portpool_worst_destination_free_ports", "protocol", "udp"),
        Kernel.udpConnects(),
        "UDP connect()");
    int[] headroom = {
      agent.connectHeadroom(A, A + ":80"),
      agent.connectHeadroom(A, A + ":5432"),
      agent.connectHeadroom(B, A + ":80"),
      agent.connectHeadroom(NOT_LOOPBACK, NOT_LOOPBACK + ":80"),
      agent.connectHeadroom(V6, "[::1]:80"),
      agent.connectHeadroom(V6_OTHER, "[::1]:80"),
    };
    int worst = agent.metric("portpool_worst_destination_free_ports", "protocol", "tcp");
    for (int free : headroom) {
      assertTrue(worst <= free, "the worst destination is the worst");
    }
    assertEquals(headroom[0], Kernel.connects(A, web, A), A + " to " + A + ":80");
    assertEquals(headroom[1], Kernel.connects(A, database, A), A + " to " + A + ":5432");
    assertEquals(headroom[2], Kernel.connects(B, web, A), B + " to " + A + ":80");
    assertEquals(headroom[3], Kernel.connects(NOT_LOOPBACK, web, NOT_LOOPBACK), NOT_LOOPBACK);
    assertEquals(headroom[4], Kernel.connects(V6, web, V6), V6);
    assertEquals(headroom[5], Kernel.connects(V6_OTHER, web, V6), V6_OTHER + " to " + V6);
  }

  private int used() {
    return agent.metric("portpool_used_ports", "protocol", "tcp");
  }

  private int blocked(String reason) {
    return agent.metric("portpool_blocked_ports", "protocol", "tcp", "reason", reason);
  }

  private int sockets(String protocol, String state) {
    return agent.metric("portpool_sockets", "protocol", protocol, "state", state);
  }

  @Test
  void anEmptyPoolIsFree() throws Exception {
    in(() -> {
      agree();
      assertEquals(PORTS, agent.newDestinationHeadroom());
      assertEquals(0, used());
      assertEquals(0, agent.metric("portpool_destinations", "protocol", "tcp"));
    });
  }

  @Test
  void aFullDestinationLeavesAllOthersFree() throws Exception {
    in(() -> {
      for (int i = 0; i < PORTS; i++) {
        Kernel.check(population.connect(A, A, web));
      }
      agree();
      assertEquals(PORTS, used());
      assertEquals(0, agent.connectHeadroom(A, A + ":80"));
      assertEquals(PORTS, agent.connectHeadroom(A, A + ":5432"));
      assertEquals(PORTS, agent.connectHeadroom(B, A + ":80"));
      assertEquals(1, agent.metric("portpool_exhausted_destinations", "protocol", "tcp"));
      assertEquals(1, agent.metric("portpool_slow_destinations", "protocol", "tcp"));
    });
  }

  @Test
  void severalDestinationsSharePorts() throws Exception {
    in(() -> {
      for (int i = 0; i < 60; i++) {
        Kernel.check(population.connect(A, A, web));
        Kernel.check(population.connect(A, A, database));
      }
      for (int i = 0; i < 30; i++) {
        Kernel.check(population.connect(V6, V6, web));
      }
      agree();
      assertEquals(3, agent.metric("portpool_destinations", "protocol", "tcp"));
      assertEquals(2, agent.metric("portpool_slow_destinations", "protocol", "tcp"));
    });
  }

  @Test
  void aMappedAddressDrawsOnThePortsOfIpv4() throws Exception {
    in(() -> {
      for (int i = 0; i < 40; i++) {
        Kernel.check(population.connectMapped(A, A, web));
        Kernel.check(population.connect(A, A, web));
      }
      agree();
      assertEquals(20, agent.connectHeadroom(A, A + ":80"));
    });
  }

  @Test
  void listenersCloseTheirPortToEveryConnect() throws Exception {
    in(() -> {
      Kernel.check(population.listen(TestSocket.tcp(false), "127.0.0.9", FIRST));
      Kernel.check(population.listen(TestSocket.tcp(false), "0.0.0.0", FIRST + 1));
      Kernel.check(population.listen(TestSocket.tcp(true), "::1", FIRST + 2));
      Kernel.check(population.listen(TestSocket.tcp(true), "::", FIRST + 3));
      Kernel.check(population.listen(TestSocket.tcp(true).v6only(true), "::", FIRST + 4));
      Kernel.check(population.listen(TestSocket.tcp(false).reusePort(), A, FIRST + 5));
      Kernel.check(population.listen(TestSocket.tcp(false).reusePort(), A, FIRST + 5));
      Kernel.check(population.hold(TestSocket.tcp(false)).listen(1));
      agree();
      assertEquals(7, blocked("listening"));
      assertEquals(8, sockets("tcp", "listen"));
      assertEquals(
          8, agent.metric("portpool_range_listeners", "protocol", "tcp", "reserved", "false"));
    });
  }

  @Test
  void boundSocketsCloseTheirPortToEveryConnect() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        Kernel.check(population.bind(TestSocket.tcp(false), "127.0.0.9", 0));
        Kernel.check(population.bind(TestSocket.tcp(true), "::1", 0));
      }
      Kernel.check(population.bind(TestSocket.tcp(false).reuseAddress(), A, FIRST + 99));
      Kernel.check(population.bind(TestSocket.tcp(false).reuseAddress(), A, FIRST + 99));
      agree();
      assertTrue(blocked("bound") >= 10, "ports may serve both addresses");
      assertEquals(22, sockets("tcp", "bound"));
    });
  }

  @Test
  void v6onlySocketsLeaveTheirPortToIpv4Alone() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        TestSocket socket = TestSocket.tcp(true).v6only(true);
        Kernel.check(population.bind(socket, "::", FIRST + i));
        Kernel.check(population.listen(TestSocket.tcp(true).v6only(true), "::", FIRST + 20 + i));
        Kernel.check(population.bind(TestSocket.udp(true).v6only(true), "::", FIRST + 40 + i));
      }
      agree();
      assertEquals(PORTS, Kernel.binds("0.0.0.0"));
      assertEquals(PORTS - 20, agent.bindFree("tcp"));
      assertEquals(PORTS - 20, agent.newDestinationHeadroom());
      assertEquals(PORTS, Kernel.udpConnects(A, 53));
      assertEquals(PORTS - 10, agent.bindFree("udp"));
    });
  }

  @Test
  void dualStackSocketsTakeTheirPortFromBindOfIpv4() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        Kernel.check(population.bind(TestSocket.tcp(true).v6only(false), "::", FIRST + i));
      }
      agree();
      assertEquals(PORTS - 10, agent.bindFree("tcp"));
    });
  }

  @Test
  void connectionsFromABoundPortCloseItToEveryConnect() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        Kernel.check(population.bindThenConnect(A, FIRST + i, A, web));
        Kernel.check(population.bindThenConnect("::", FIRST + 20 + i, V6, web));
      }
      agree();
      assertEquals(20, blocked("connected"));
      assertEquals(PORTS - 20, agent.connectHeadroom(NOT_LOOPBACK, NOT_LOOPBACK + ":80"));
    });
  }

  @Test
  void aPortIsBlockedOnceWhateverHoldsIt() throws Exception {
    in(() -> {
      Kernel.check(population.listen(TestSocket.tcp(false).reuseAddress(), A, FIRST));
      Kernel.check(population.bind(TestSocket.tcp(false).reuseAddress(), B, FIRST));
      Kernel.check(population.bindThenConnect("127.0.0.3", FIRST, A, web));
      agree();
      assertEquals(1, blocked("listening") + blocked("bound") + blocked("connected"));
    });
  }

  @Test
  void connectionsThatCameInAreNoDestinations() throws Exception {
    in(() -> {
      try (Server inside = new Server(FIRST + 50)) {
        for (int i = 0; i < 20; i++) {
          Kernel.check(population.connect(A, B, inside));
        }
        agree();
        assertEquals(1, agent.metric("portpool_destinations", "protocol", "tcp"));
        assertEquals(PORTS - 1 - 20, agent.connectHeadroom(A, B + ":" + inside.port()));
      }
    });
  }

  @Test
  void reservedPortsAreNeverChosen() throws Exception {
    netns.sysctl("ip_local_reserved_ports", "80,20010-20019,20050,30000-30010");
    in(() -> {
      Kernel.check(population.listen(TestSocket.tcp(false), "0.0.0.0", FIRST + 50));
      Kernel.check(population.bind(TestSocket.tcp(false), A, FIRST + 12));
      Kernel.check(population.connect(A, A, web));
      agree();
      assertEquals(11, agent.metric("portpool_reserved_ports"));
      assertEquals(PORTS - 11, agent.metric("portpool_capacity_ports"));
      assertEquals(0, blocked("listening"));
      assertEquals(
          1, agent.metric("portpool_range_listeners", "protocol", "tcp", "reserved", "true"));
      assertEquals(
          0, agent.metric("portpool_range_listeners", "protocol", "tcp", "reserved", "false"));
    });
  }

  @ParameterizedTest
  @CsvSource({
    // tw_reuse, timestamps, delay ms, whether a loopback and another destination get the port back
    "0, 1, 1, false, false",
    "1, 1, 1, true, true",
    "2, 1, 1, true, false",
    "1, 0, 1, false, false",
    "1, 1, 60000, false, false",
  })
  void timeWaitIsReusedAsTheSettingsSay(
      int reuse, int timestamps, int delay, boolean loopback, boolean other) throws Exception {
    netns.sysctl("tcp_tw_reuse", String.valueOf(reuse));
    netns.sysctl("tcp_timestamps", String.valueOf(timestamps));
    netns.reuseDelay(delay);
    in(() -> {
      for (int i = 0; i < 30; i++) {
        population.timeWait(A, A, web);
        population.timeWait(NOT_LOOPBACK, NOT_LOOPBACK, web);
        population.timeWait(V6_OTHER, V6_OTHER, web);
      }
      Kernel.ageTimeWaits();
      agree();
      agent.sample();
    });
    // agree() may have taken ports over, so the expectations are held against a fresh start.
    in(() -> {
      for (int i = 0; i < 40; i++) {
        population.timeWait(B, B, database);
        population.timeWait(NOT_LOOPBACK, NOT_LOOPBACK, database);
      }
      Kernel.ageTimeWaits();
      agent.sample();
      assertTrue(sockets("tcp", "time_wait") >= 80);
      assertEquals(loopback ? PORTS : PORTS - 40, agent.connectHeadroom(B, B + ":5432"));
      assertEquals(
          other ? PORTS : PORTS - 40, agent.connectHeadroom(NOT_LOOPBACK, NOT_LOOPBACK + ":5432"));
      assertEquals(loopback ? PORTS : PORTS - 40, Kernel.connects(B, database, B));
      assertEquals(
          other ? PORTS : PORTS - 40, Kernel.connects(NOT_LOOPBACK, database, NOT_LOOPBACK));
    });
  }

  @Test
  void timeWaitIsReusedOnceItIsOldEnough() throws Exception {
    netns.sysctl("tcp_tw_reuse", "1");
    netns.reuseDelay(3000);
    in(() -> {
      for (int i = 0; i < 30; i++) {
        population.timeWait(A, A, web);
      }
      agent.sample();
      assertEquals(PORTS - 30, agent.connectHeadroom(A, A + ":80"));
      assertEquals(PORTS - 30, Kernel.connects(A, web, A));
      Thread.sleep(3200);
      agree();
      assertEquals(PORTS, agent.connectHeadroom(A, A + ":80"));
    });
  }

  @Test
  void everyOtherStateHoldsItsPort() throws Exception {
    netns.sysctl("tcp_tw_reuse", "1");
    netns.reuseDelay(1);
    in(() -> {
      for (int i = 0; i < 5; i++) {
        population.finWait2(A, A, web);
        population.closeWait(A, A, web);
      }
      // A listener whose queue is full lets a SYN pass unanswered.
      TestSocket narrow = population.hold(TestSocket.tcp(false));
      Kernel.check(narrow.bind("127.0.0.8", 99));
      Kernel.check(narrow.listen(0));
      for (int i = 0; i < 4; i++) {
        TestSocket socket = population.hold(TestSocket.tcpNonBlocking(false));
        assertEquals(Posix.EINPROGRESS, socket.connect("127.0.0.8", 99));
      }
      Kernel.ageTimeWaits();
      agree();
      assertEquals(5, sockets("tcp", "fin_wait2"));
      assertEquals(5, sockets("tcp", "close_wait"));
      assertTrue(sockets("tcp", "syn_sent") >= 2);
      assertEquals(PORTS - 10, agent.connectHeadroom(A, A + ":80"));
    });
  }

  @Test
  void halfOpenConnectionsAreSeen() throws Exception {
    in(() -> {
      TestSocket lazy = population.hold(TestSocket.tcp(false));
      lazy.option(Posix.IPPROTO_TCP, Posix.TCP_DEFER_ACCEPT, 30);
      Kernel.check(lazy.bind("0.0.0.0", FIRST + 7));
      Kernel.check(lazy.listen(16));
      for (int i = 0; i < 3; i++) {
        Kernel.check(population.hold(TestSocket.tcp(false)).connect(A, FIRST + 7));
      }
      agree();
      assertEquals(3, sockets("tcp", "syn_recv"));
    });
  }

  @Test
  void udpGivesEachSocketAPortOfItsOwn() throws Exception {
    in(() -> {
      Kernel.check(population.bind(TestSocket.udp(false), "0.0.0.0", FIRST));
      for (int i = 0; i < 10; i++) {
        Kernel.check(population.hold(TestSocket.udp(false)).connect(A, 53));
        Kernel.check(population.bind(TestSocket.udp(false), A, 0));
        Kernel.check(population.bind(TestSocket.udp(true), "::1", 0));
      }
      agree();
      assertEquals(10, sockets("udp", "established"));
      assertEquals(21, sockets("udp", "unconnected"));
      // What the kernel chose for a client is no listener.
      assertEquals(
          1, agent.metric("portpool_range_listeners", "protocol", "udp", "reserved", "false"));
      assertEquals(1, agent.metric("portpool_destinations", "protocol", "udp"));
    });
  }

  @Test
  void tcpAndUdpHavePoolsOfTheirOwn() throws Exception {
    in(() -> {
      for (int i = 0; i < PORTS; i++) {
        Kernel.check(population.bind(TestSocket.udp(false), "0.0.0.0", 0));
      }
      agree();
      assertEquals(0, agent.bindFree("udp"));
      assertEquals(PORTS, agent.bindFree("tcp"));
    });
  }

  @Test
  void hiddenOwnersMakeHeadroomAnUpperBound() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        TestSocket socket = population.hold(TestSocket.tcp(false));
        Kernel.check(socket.bind(A, 0));
        Kernel.check(socket.connect(A, web.port()));
        population.hold(Population.accepted(web));
      }
      agent.sample();
      int predicted = agent.connectHeadroom(A, A + ":5432");
      int real = Kernel.connects(A, database, A);
      assertEquals(PORTS, predicted);
      assertEquals(PORTS - 10, real);
      assertEquals(0, agent.metric("portpool_feature_available", "feature", "exact_blocked"));
      assertEquals(agent.bindFree("tcp"), Kernel.binds());
    });
  }

  /** The kernel sets IPV6_V6ONLY when an address is bound, and shows it only before connect(). */
  @Test
  void whatTheKernelDoesNotShowOfIpv6DoesNotMatter() throws Exception {
    in(() -> {
      for (int i = 0; i < 10; i++) {
        Kernel.check(population.bindThenConnect(V6, FIRST + i, V6, web));
      }
      agree();
      assertEquals(PORTS - 10, agent.bindFree("tcp"));
      assertEquals(PORTS, Kernel.binds("0.0.0.0"));
    });
  }

  @Test
  void anOddRangeMayLoseOnePort() throws Exception {
    netns.range(FIRST, FIRST + PORTS);
    in(() -> {
      agent.sample();
      int predicted = agent.connectHeadroom(A, A + ":80");
      int real = Kernel.connects(A, web, A);
      assertEquals(PORTS + 1, predicted);
      assertTrue(real == predicted || real == predicted - 1, "really " + real);
    });
  }

  @Test
  void aRangeThatChangesIsFollowed() throws Exception {
    in(this::agree);
    netns.range(30_000, 30_049);
    in(() -> {
      agree();
      assertEquals(30_000, agent.metric("portpool_range_first_port"));
      assertEquals(30_049, agent.metric("portpool_range_last_port"));
      assertEquals(50, agent.newDestinationHeadroom());
    });
  }
}
