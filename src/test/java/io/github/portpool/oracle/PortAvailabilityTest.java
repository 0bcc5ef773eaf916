package io.github.portpool.oracle;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.NeedsHost;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.sockdiag.SockDiagSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a report says of a port, and what connect() then does: the port is the only one there. */
@NeedsHost
class PortAvailabilityTest {
  private static final int PORT = 20_000;
  private static final String V4 = "127.0.0.1";

  private Netns netns;
  private final Population population = new Population();

  @BeforeEach
  void enter() throws Exception {
    netns = Netns.create();
    netns.range(PORT, PORT);
  }

  @AfterEach
  void leave() {
    population.close();
    netns.close();
  }

  private PortAvailability said(Protocol protocol) throws Exception {
    try (SockDiagSource source = SockDiagSource.live()) {
      PortReport report =
          new PortLookup(
                  source, new NoNamespaces("not here", 0), OwnerSource.none("not here"), false)
              .lookUp(PORT);
      PortAvailability availability = report.availability().get(protocol);
      return availability == null ? PortAvailability.OUTSIDE_RANGE : availability;
    }
  }

  /** The error number of a connect() that the kernel has to find a port for, or 0. */
  private int connect(int server) {
    try (TestSocket client = TestSocket.tcp(false).resetOnClose()) {
      int errno = client.connect(V4, server);
      assertEquals(errno == 0 ? PORT : 0, errno == 0 ? client.localPort() : 0);
      return errno;
    }
  }

  @Test
  void aFreePortIsGiven() throws Exception {
    netns.call(() -> {
      try (Server server = new Server(80)) {
        assertEquals(PortAvailability.FREE, said(Protocol.TCP));
        assertEquals(0, connect(80));
        server.drain();
        return 0;
      }
    });
  }

  @Test
  void aSharedPortIsGivenTowardOtherDestinations() throws Exception {
    netns.call(() -> {
      try (Server web = new Server(80);
          Server database = new Server(5432)) {
        check(population.connect(V4, V4, web));
        assertEquals(PortAvailability.SHARED, said(Protocol.TCP));
        assertEquals(PortAvailability.FREE, said(Protocol.UDP));
        assertEquals(Posix.EADDRNOTAVAIL, connect(80));
        assertEquals(0, connect(5432));
        database.drain();
        return 0;
      }
    });
  }

  @Test
  void aPortInTimeWaitIsShared() throws Exception {
    netns.sysctl("tcp_tw_reuse", "0");
    netns.call(() -> {
      try (Server web = new Server(80);
          Server database = new Server(5432)) {
        population.timeWait(V4, V4, web);
        assertEquals(PortAvailability.SHARED, said(Protocol.TCP));
        assertEquals(Posix.EADDRNOTAVAIL, connect(80));
        assertEquals(0, connect(5432));
        database.drain();
        return 0;
      }
    });
  }

  private interface Holding {
    int of(Server server) throws Exception;
  }

  private void closes(Holding holding) throws Exception {
    netns.call(() -> {
      try (Server web = new Server(80);
          Server _ = new Server(5432)) {
        check(holding.of(web));
        assertEquals(PortAvailability.CLOSED, said(Protocol.TCP));
        assertEquals(PortAvailability.FREE, said(Protocol.UDP));
        assertEquals(Posix.EADDRNOTAVAIL, connect(80));
        assertEquals(Posix.EADDRNOTAVAIL, connect(5432));
        return 0;
      }
    });
  }

  @Test
  void aListenerClosesItsPort() throws Exception {
    closes(web -> population.listen(TestSocket.tcp(true).v6only(true), "::1", PORT));
  }

  @Test
  void aBoundSocketClosesItsPort() throws Exception {
    closes(web -> population.bind(TestSocket.tcp(false), "127.0.0.9", PORT));
  }

  @Test
  void aConnectionThatWasBoundClosesItsPort() throws Exception {
    closes(web -> population.bindThenConnect("127.0.0.9", PORT, V4, web));
  }

  @Test
  void aReservedPortIsNotGiven() throws Exception {
    netns.sysctl("ip_local_reserved_ports", String.valueOf(PORT));
    netns.call(() -> {
      try (Server _ = new Server(80)) {
        assertEquals(PortAvailability.RESERVED, said(Protocol.TCP));
        assertEquals(PortAvailability.RESERVED, said(Protocol.UDP));
        assertEquals(Posix.EADDRNOTAVAIL, connect(80));
        return 0;
      }
    });
  }

  @Test
  void aPortOutsideTheRangeIsNotGiven() throws Exception {
    netns.range(PORT + 1, PORT + 1);
    netns.call(() -> {
      assertEquals(PortAvailability.OUTSIDE_RANGE, said(Protocol.TCP));
      return 0;
    });
  }

  @Test
  void aUdpSocketOfIpv6AloneLeavesItsPortToIpv4() throws Exception {
    netns.call(() -> {
      check(population.bind(TestSocket.udp(true).v6only(true), "::", PORT));
      assertEquals(PortAvailability.IPV4_ONLY, said(Protocol.UDP));
      assertEquals(PortAvailability.FREE, said(Protocol.TCP));
      try (TestSocket ipv4 = TestSocket.udp(false);
          TestSocket ipv6 = TestSocket.udp(true)) {
        assertEquals(Posix.EAGAIN, ipv6.connect("::1", 53));
        check(ipv4.connect(V4, 53));
      }
      return 0;
    });
  }

  @Test
  void anyUdpSocketClosesItsPortToUdpAlone() throws Exception {
    netns.call(() -> {
      assertEquals(PortAvailability.FREE, said(Protocol.UDP));
      check(population.hold(TestSocket.udp(false)).connect(V4, 53));
      assertEquals(PortAvailability.CLOSED, said(Protocol.UDP));
      assertEquals(PortAvailability.FREE, said(Protocol.TCP));
      try (TestSocket second = TestSocket.udp(false)) {
        assertEquals(Posix.EAGAIN, second.connect("127.0.0.9", 54));
      }
      return 0;
    });
  }
}
