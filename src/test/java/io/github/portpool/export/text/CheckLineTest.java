package io.github.portpool.export.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Owners;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckLineTest {
  private static final Thresholds USUAL = new Thresholds(80, 95);
  private static final String UDP =
      "; next: let the program close or share its UDP sockets: each takes a port from all; a wider"
          + " range (net.ipv4.ip_local_port_range) gains time";
  private static final Destination DATABASE =
      new Destination(
          Protocol.TCP, 0, IpAddress.mapped(0x0a000001), 0, 0, IpAddress.mapped(0x0a000002), 5432);

  @ParameterizedTest
  @CsvSource({
    "100, 79, OK, 0",
    "100, 80, WARNING, 1",
    "100, 94, WARNING, 1",
    "100, 95, CRITICAL, 2",
    "100, 100, CRITICAL, 2",
    "28232, 22585, OK, 0",
    "28232, 22586, WARNING, 1",
    "28232, 26820, WARNING, 1",
    "28232, 26821, CRITICAL, 2",
    "0, 0, CRITICAL, 2",
  })
  void aThresholdIsReachedExactly(int capacity, int used, CheckState state, int exitCode) {
    CheckLine line =
        CheckLine.ofDestination(DATABASE, new Headroom(used, capacity - used), true, USUAL);
    assertEquals(state, line.state());
    assertEquals(exitCode, line.state().exitCode());
  }

  @ParameterizedTest
  @CsvSource({"0, 50", "80, 101", "-1, 50", "NaN, 50", "50, NaN", "96, 95"})
  void thresholdsThatMakeNoSense(double warning, double critical) {
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(warning, critical));
  }

  @Test
  void thresholdsMayBeTheSame() {
    assertEquals(CheckState.CRITICAL, new Thresholds(100, 100).state(new Headroom(10, 0)));
    assertEquals(CheckState.OK, new Thresholds(100, 100).state(new Headroom(9, 1)));
  }

  @Test
  void performanceDataSaysFromWhereOnItAlerts() {
    // A monitoring system alerts above the number: 79 here means 80 and more.
    assertEquals(
        "PORTPOOL WARNING - 20 of 100 ports free toward 10.0.0.2:5432 from 10.0.0.1 (80.0 % used)"
            + " | used=80;79;94;0;100",
        CheckLine.ofDestination(DATABASE, new Headroom(80, 20), true, USUAL).text());
  }

  @Test
  void anUpperBoundIsSaid() {
    assertEquals(
        "PORTPOOL OK - at most 99 of 100 ports free toward 10.0.0.2:5432 from 10.0.0.1 (1.0 % used)"
            + " | used=1;79;94;0;100",
        CheckLine.ofDestination(DATABASE, new Headroom(1, 99), false, USUAL).text());
    assertEquals(
        "PORTPOOL CRITICAL - 0 of 100 ports free toward 10.0.0.2:5432 from 10.0.0.1 (100.0 % used)"
            + " | used=100;79;94;0;100",
        CheckLine.ofDestination(DATABASE, new Headroom(100, 0), false, USUAL).text());
  }

  @Test
  void tcpSpeaksWhileAllIsWell() {
    assertEquals(
        "PORTPOOL OK - at most 9 of 10 ports free toward the worst TCP destination 10.0.0.2:80"
            + " (10.0 % used)"
            + " | tcp_worst_used=1;7;9;0;10 udp_used=0;7;9;0;10 bind_used=1;7;9;0;10",
        check(1, 0, 0).text());
  }

  @Test
  void anEmptyPool() {
    assertEquals(
        "PORTPOOL OK - 10 of 10 ports free toward any TCP destination (0.0 % used)"
            + " | tcp_worst_used=0;7;9;0;10 udp_used=0;7;9;0;10 bind_used=0;7;9;0;10",
        check(0, 0, 0).text());
  }

  @Test
  void theWorstStateSpeaks() {
    assertEquals(
        "PORTPOOL CRITICAL - 0 of 10 ports free for UDP (100.0 % used)"
            + UDP
            + " | tcp_worst_used=8;7;9;0;10 udp_used=10;7;9;0;10 bind_used=8;7;9;0;10",
        check(8, 0, 10).text());
    assertEquals(
        "PORTPOOL WARNING - 2 of 10 ports free for TCP bind() to port 0 (80.0 % used)"
            + "; next: let the program set IP_BIND_ADDRESS_NO_PORT before bind() to port 0, or close"
            + " connections; a wider range (net.ipv4.ip_local_port_range) gains time | tcp_worst_used=4;7;9;0;10 udp_used=0;7;9;0;10 bind_used=8;7;9;0;10",
        check(4, 4, 0).text());
  }

  @Test
  void saysWhichFamilyHasRunOutOfUdpPorts() {
    SocketTable table = new SocketTable(100);
    table.begin(new EphemeralPorts(40_000, 40_009, new PortSet()), TcpSettings.NONE);
    for (int port = 40_000; port <= 40_009; port++) {
      SocketEntry socket = SocketEntries.udpServer("::", port);
      socket.v6only = port > 40_000;
      table.socket(socket);
    }
    table.end();
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, Set.of(), new TopDestinations(1));
    PoolUsage udp = PoolUsages.of(table, Protocol.UDP, Set.of(), new TopDestinations(0));
    assertEquals(
        "PORTPOOL CRITICAL - 0 of 10 ports free for UDP over IPv6 (100.0 % used)"
            + UDP
            + " | tcp_worst_used=0;7;9;0;10 udp_used=10;7;9;0;10 bind_used=0;7;9;0;10",
        check(tcp, udp).text());
  }

  @Test
  void hostileTextStaysOneLineWithoutPerformanceData() {
    CheckLine line = CheckLine.unknown("no \u001b[31mhost\n| used=0 \u202e");
    assertEquals("PORTPOOL UNKNOWN - no \\u001b[31mhost\\u000a/ used=0 \\u202e", line.text());
    assertEquals(3, line.state().exitCode());
  }

  /** A pool of 10 with connections to one server, to another, and UDP sockets. */
  private static CheckLine check(int first, int second, int udp) {
    SocketTable table = new SocketTable(100);
    table.begin(new EphemeralPorts(40_000, 40_009, new PortSet()), TcpSettings.NONE);
    for (int i = 0; i < udp; i++) {
      table.socket(SocketEntries.udpServer("0.0.0.0", 40_000 + i));
    }
    for (int i = 0; i < first; i++) {
      table.socket(SocketEntries.connection("10.0.0.1", 40_000 + i, "10.0.0.2", 80));
    }
    for (int i = 0; i < second; i++) {
      table.socket(SocketEntries.connection("10.0.0.1", 40_009 - i, "10.0.0.2", 81));
    }
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, Set.of(), new TopDestinations(1));
    PoolUsage forUdp = PoolUsages.of(table, Protocol.UDP, Set.of(), new TopDestinations(0));
    assertEquals(first + second, tcp.sockets().get(SocketState.ESTABLISHED));
    return check(tcp, forUdp);
  }

  private static CheckLine check(PoolUsage tcp, PoolUsage udp) {
    Place place =
        new Place(
            "host",
            false,
            Instant.EPOCH,
            tcp,
            udp,
            TcpSettings.NONE,
            List.of(),
            RecentFailures.of(0, 0),
            Optional.empty());
    return CheckLine.of(Verdict.of(List.of(place), USUAL, Owners.NONE), "");
  }
}
