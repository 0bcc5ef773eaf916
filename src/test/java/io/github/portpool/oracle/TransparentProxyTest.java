package io.github.portpool.oracle;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Kernel.Server;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A transparent proxy (TPROXY), whose connections have ports that their clients asked for. */
@NeedsHost
class TransparentProxyTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final String A = "127.0.0.1";
  private static final String B = "10.7.0.1";

  private Netns netns;
  private Population population;
  private Server web;
  private Server database;
  private Agent agent;

  @BeforeEach
  void makeNamespace() throws Exception {
    netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    netns.address(B);
    Interception.routes(netns, FIRST, FIRST + PORTS - 1);
    netns.call(() -> {
      population = new Population();
      web = new Server(80);
      database = new Server(5432);
      agent = new Agent();
      return null;
    });
  }

  @AfterEach
  void close() throws Exception {
    netns.call(() -> {
      agent.close();
      population.close();
      web.close();
      database.close();
      return null;
    });
    netns.close();
  }

  private interface Case {
    void run() throws Exception;
  }

  private void in(Case work) throws Exception {
    netns.call(() -> {
      work.run();
      return null;
    });
  }

  private Interception listen(TestSocket listener) {
    return new Interception(population.hold(listener));
  }

  private void accept(Interception proxy, int connections) throws Exception {
    for (int i = 0; i < connections; i++) {
      proxy.accept(population, FIRST + i);
    }
  }

  private void agree() {
    agent.sample();
    assertEquals(agent.bindFree("tcp"), Kernel.binds(), "bind(any, 0)");
    assertEquals(Kernel.connects(A, web, A), agent.connectHeadroom(A, A + ":80"));
    assertEquals(Kernel.connects(A, database, A), agent.connectHeadroom(A, A + ":5432"));
    assertEquals(Kernel.connects(B, web, B), agent.connectHeadroom(B, B + ":80"));
  }

  /** The last packets may still be on their way. */
  private void await(int sockets, String state) throws Exception {
    Await.until(
        sockets + " in " + state,
        () -> {
          agent.sample();
          return agent.metric("portpool_sockets", "protocol", "tcp", "state", state) == sockets;
        });
  }

  private int destinations() {
    return agent.metric("portpool_destinations", "protocol", "tcp");
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void whatItAcceptedClosesItsPort(boolean reuse, boolean noPort) throws Exception {
    in(() -> {
      TestSocket listener = TestSocket.tcpNonBlocking(false).transparent();
      if (reuse) {
        listener.reuseAddress();
      }
      if (noPort) {
        listener.bindAddressNoPort();
      }
      Interception proxy = listen(listener);
      accept(proxy, 60);
      agree();
      assertEquals(PORTS - 60, agent.newDestinationHeadroom());
      assertEquals(0, destinations());
      assertEquals(
          60, agent.metric("portpool_blocked_ports", "protocol", "tcp", "reason", "connected"));
    });
  }

  @Test
  void alsoAfterItsListenerHasGone() throws Exception {
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      accept(proxy, 60);
      proxy.close();
      agree();
      assertEquals(PORTS - 60, agent.newDestinationHeadroom());
      assertEquals(0, destinations());
    });
  }

  @Test
  void alsoInTimeWait() throws Exception {
    netns.sysctl("tcp_tw_reuse", "1");
    netns.reuseDelay(1);
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      for (int i = 0; i < 30; i++) {
        proxy.timeWait(FIRST + i);
      }
      await(30, "time_wait");
      agree();
      assertEquals(PORTS - 30, agent.newDestinationHeadroom());
      assertEquals(0, destinations());
    });
  }

  @Test
  void alsoWithoutAProcess() throws Exception {
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      for (int i = 0; i < 30; i++) {
        proxy.finWait2(population, FIRST + i);
      }
      await(30, "fin_wait2");
      agree();
      assertEquals(PORTS - 30, agent.newDestinationHeadroom());
      assertEquals(0, destinations());
    });
  }

  /** Ports that connect() shares are closed once one of them comes in. */
  @Test
  void aPortOfBothCountsOnce() throws Exception {
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      for (int i = 0; i < 40; i++) {
        check(population.connect(A, A, web));
      }
      accept(proxy, 60);
      agree();
      assertEquals(1, destinations());
    });
  }

  /** A proxy that opens connections with its client's address: IP_TRANSPARENT, and port 0. */
  @Test
  void whatItOpensIsADestination() throws Exception {
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      accept(proxy, 10);
      for (int i = 0; i < 30; i++) {
        TestSocket spoofing = population.hold(TestSocket.tcp(false).transparent());
        check(spoofing.bindAddressNoPort().bind("127.9.9.9", 0));
        check(spoofing.connect(A, web.port()));
        population.hold(Population.accepted(web));
      }
      agree();
      assertEquals(1, destinations());
      assertEquals(PORTS - 40, agent.connectHeadroom("127.9.9.9", A + ":80"));
      assertEquals(PORTS - 40, Kernel.connects("127.9.9.9", web, A));
    });
  }

  @Test
  void whatItOpensFromABoundPortClosesThatPort() throws Exception {
    in(() -> {
      for (int i = 0; i < 30; i++) {
        TestSocket spoofing = population.hold(TestSocket.tcp(false).transparent());
        check(spoofing.bind("127.9.9.9", i % 2 == 0 ? 0 : FIRST + 2 * i));
        check(spoofing.connect(A, web.port()));
        population.hold(Population.accepted(web));
      }
      agree();
      assertEquals(PORTS - 30, agent.newDestinationHeadroom());
    });
  }

  /** A TIME_WAIT does not show its options, so headroom may be too low, and never too high. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatItHasClosedIsADestinationWhereConnectionsGoToo(int connections) throws Exception {
    netns.sysctl("tcp_tw_reuse", "0");
    in(() -> {
      Interception proxy = listen(TestSocket.tcpNonBlocking(false).transparent());
      accept(proxy, 10);
      for (int i = 0; i < connections; i++) {
        check(population.connect(A, A, web));
      }
      for (int i = 0; i < 20; i++) {
        population.timeWait(A, A, web);
      }
      agent.sample();
      int said = agent.connectHeadroom(A, A + ":80");
      assertEquals(Kernel.connects(A, web, A), said);
      assertEquals(PORTS - 30 - connections, said);
      int elsewhere = agent.connectHeadroom(A, A + ":5432");
      int real = Kernel.connects(A, database, A);
      assertEquals(connections == 0 ? PORTS - 30 : PORTS - 10, elsewhere);
      assertTrue(elsewhere <= real, real + " are left");
    });
  }

  @Test
  void socketsOfAUdpServerForItsClientsAreNoDestinations() throws Exception {
    in(() -> {
      List<TestSocket> sockets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        TestSocket served = TestSocket.udp(false).reusePort();
        sockets.add(population.hold(served));
        check(served.bind(A, FIRST + 50));
        check(served.connect(A, 40_000 + i));
        if (i == 4) {
          TestSocket listener = population.hold(TestSocket.udp(false).reusePort());
          check(listener.bind(A, FIRST + 50));
          sockets.add(listener);
        }
      }
      TestSocket client = population.hold(TestSocket.udp(false));
      check(client.bind(A, FIRST + 51));
      check(client.connect(A, 53));
      agent.sample();
      assertEquals(1, agent.metric("portpool_destinations", "protocol", "udp"));
      assertEquals(
          PORTS - 2, agent.metric("portpool_worst_destination_free_ports", "protocol", "udp"));
      assertEquals(PORTS - 2, Kernel.udpConnects());
      sockets.get(5).close();
      agent.sample();
      assertEquals(1, agent.metric("portpool_destinations", "protocol", "udp"));
    });
  }
}
