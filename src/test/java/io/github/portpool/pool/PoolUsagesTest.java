package io.github.portpool.pool;

import static io.github.portpool.table.SocketEntries.boundConnection;
import static io.github.portpool.table.SocketEntries.connection;
import static io.github.portpool.table.SocketEntries.udpServer;
import static io.github.portpool.table.SocketEntries.udpTo;
import static io.github.portpool.table.SocketEntries.withoutPeer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.ListenerCounts;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolUsagesTest {
  private static final String ME = "10.0.0.1";
  private static final String SERVER = "10.0.0.2";
  private static final EphemeralPorts TEN = new EphemeralPorts(40_000, 40_009, new PortSet());
  private static final EphemeralPorts EIGHT =
      new EphemeralPorts(40_000, 40_009, PortSet.parse("40003,40009,50000"));

  @Test
  void anEmptyPoolIsFree() {
    PoolUsage pool = tcp(TEN);
    assertEquals(0, pool.used());
    assertEquals(10, pool.bindFree());
    assertEquals(new Headroom(0, 10), pool.worst());
    assertEquals(0, pool.destinations());
    assertEquals(0, pool.blocked().total());
    assertTrue(pool.top().isEmpty());
    assertTrue(pool.exact());
    assertEquals(Protocol.TCP.states().size(), pool.sockets().size());
    assertTrue(pool.sockets().values().stream().allMatch(count -> count == 0));
  }

  /**
   * Whatever is not seen: a figure is exact where nothing that is missing could make it another.
   */
  @ParameterizedTest
  @EnumSource
  void isExactWhereNothingThatIsMissingHidesPorts(Feature missing) {
    for (Protocol protocol : Protocol.values()) {
      PoolUsage pool =
          PoolUsages.of(Tables.of(TEN), protocol, Set.of(missing), new TopDestinations(1));
      assertEquals(!missing.hidesPorts(protocol), pool.exact());
      assertEquals(!missing.hidesPorts(protocol), pool.bindExact());
    }
    SocketEntry client = connection(ME, 40_000, SERVER, 80);
    PoolUsage pool =
        PoolUsages.of(
            Tables.of(TEN, client), Protocol.TCP, Set.of(missing), new TopDestinations(1));
    assertFalse(pool.exact(), "nobody knows its bucket");
    assertEquals(!missing.hidesPorts(Protocol.TCP), pool.bindExact());
  }

  @Test
  void groupsDoNotCompeteWithOneAnother() {
    PoolUsage pool =
        tcp(
            TEN,
            connection(ME, 40_000, SERVER, 80),
            connection(ME, 40_001, SERVER, 80),
            connection(ME, 40_000, SERVER, 81),
            connection("10.0.0.9", 40_000, SERVER, 80),
            connection("::1", 40_000, "::1", 80));
    assertEquals(2, pool.used());
    assertEquals(8, pool.bindFree());
    assertEquals(4, pool.destinations());
    assertEquals(new Headroom(2, 8), pool.worst());
    assertEquals(SERVER + ":80", pool.top().getFirst().destination());
    assertEquals(ME, pool.top().getFirst().source());
    assertEquals(2, pool.top().getFirst().sockets());
    assertFalse(pool.exact());
  }

  @Test
  void blockedPortsCountAgainstEveryGroup() {
    SocketEntry bound = withoutPeer(SocketState.BOUND, ME, 40_001);
    PoolUsage pool =
        tcp(
            TEN,
            withoutPeer(SocketState.LISTEN, "0.0.0.0", 40_000),
            bound,
            boundConnection(ME, 40_002, SERVER, 80),
            connection(ME, 40_003, SERVER, 80),
            connection(ME, 40_004, SERVER, 80));
    assertEquals(blocked(1, 1, 1), pool.blocked());
    assertEquals(5, pool.used());
    assertEquals(5, pool.bindFree());
    assertEquals(new Headroom(5, 5), pool.worst());
    assertEquals(3, pool.top().getFirst().sockets());
    assertEquals(new Headroom(5, 5), pool.top().getFirst().headroom());
    assertEquals(0, pool.slowDestinations());
  }

  @Test
  void aPortIsBlockedForOneReasonAlone() {
    PoolUsage pool =
        tcp(
            TEN,
            withoutPeer(SocketState.LISTEN, ME, 40_000),
            withoutPeer(SocketState.LISTEN, "10.0.0.9", 40_000),
            withoutPeer(SocketState.BOUND, "10.0.0.8", 40_000),
            boundConnection(ME, 40_000, SERVER, 80),
            withoutPeer(SocketState.BOUND, ME, 40_001),
            boundConnection(ME, 40_001, SERVER, 80),
            boundConnection(ME, 40_002, SERVER, 80),
            boundConnection(ME, 40_002, SERVER, 81));
    assertEquals(blocked(1, 1, 1), pool.blocked());
    assertEquals(new Headroom(3, 7), pool.worst());
  }

  @Test
  void aPortThatIsBlockedAndTheGroupsOwnCountsOnce() {
    PoolUsage pool =
        tcp(
            TEN,
            boundConnection("10.0.0.9", 40_000, SERVER, 443),
            connection(ME, 40_000, SERVER, 80),
            connection(ME, 40_001, SERVER, 80));
    assertEquals(new Headroom(2, 8), pool.worst());
  }

  @Test
  void whatCameInThroughAListenerIsNoDestination() {
    PoolUsage pool =
        tcp(
            TEN,
            withoutPeer(SocketState.LISTEN, "0.0.0.0", 40_000),
            connection(ME, 40_000, "10.0.0.50", 50_000),
            connection(ME, 40_000, "10.0.0.51", 50_000));
    assertEquals(0, pool.destinations());
    assertEquals(1, pool.used());
    assertEquals(new Headroom(1, 9), pool.worst());
    assertEquals(2, pool.sockets().get(SocketState.ESTABLISHED));
  }

  @Test
  void aReusableTimeWaitTakesNothingFromItsGroupButItsPortFromBind() {
    PoolUsage pool =
        tcp(TEN, timeWait(40_000, 58_000), timeWait(40_001, 59_500), timeWait(40_002, 0));
    assertEquals(new Headroom(1, 9), pool.worst());
    assertEquals(7, pool.bindFree());
    assertEquals(3, pool.sockets().get(SocketState.TIME_WAIT));
    assertEquals(3, pool.top().getFirst().sockets());
  }

  @Test
  void countsSlowAndExhaustedGroups() {
    SocketEntry[] sockets = new SocketEntry[21];
    for (int i = 0; i < 10; i++) {
      sockets[i] = connection(ME, 40_000 + i, SERVER, 80);
    }
    for (int i = 0; i < 6; i++) {
      sockets[10 + i] = connection(ME, 40_000 + i, SERVER, 81);
    }
    for (int i = 0; i < 5; i++) {
      sockets[16 + i] = connection(ME, 40_000 + i, SERVER, 82);
    }
    PoolUsage pool = tcp(TEN, sockets);
    assertEquals(1, pool.exhaustedDestinations());
    assertEquals(2, pool.slowDestinations());
    assertEquals(3, pool.destinations());
    assertEquals(new Headroom(10, 0), pool.worst());
    assertEquals(0, pool.bindFree());
  }

  @Test
  void leavesReservedAndForeignPortsOut() {
    PoolUsage pool =
        tcp(
            EIGHT,
            withoutPeer(SocketState.LISTEN, ME, 40_003),
            withoutPeer(SocketState.LISTEN, ME, 40_009),
            withoutPeer(SocketState.LISTEN, ME, 40_004),
            withoutPeer(SocketState.LISTEN, ME, 50_000),
            withoutPeer(SocketState.LISTEN, ME, 80),
            withoutPeer(SocketState.LISTEN, "10.0.0.9", 80),
            boundConnection(ME, 40_003, SERVER, 80),
            connection(ME, 39_999, SERVER, 80),
            connection(ME, 40_010, SERVER, 80),
            connection(ME, 40_000, SERVER, 80));
    assertEquals(blocked(1, 0, 0), pool.blocked());
    assertEquals(2, pool.used());
    assertEquals(6, pool.bindFree());
    assertEquals(new Headroom(2, 6), pool.worst());
    assertEquals(1, pool.destinations());
    assertEquals(1, pool.sockets().get(SocketState.ESTABLISHED));
    assertEquals(1, pool.sockets().get(SocketState.LISTEN));
    ListenerCounts listeners = pool.listeners();
    assertEquals(2, listeners.reservedInRange());
    assertEquals(1, listeners.unreservedInRange());
    assertEquals(perRange(2, 3, 1), listeners.sockets());
    assertEquals(perRange(1, 3, 1), listeners.ports());
  }

  @Test
  void aV6OnlyListenerClosesItsPortToConnectAndToBindOfIpv6() {
    SocketEntry v6only = withoutPeer(SocketState.LISTEN, "::", 40_000);
    v6only.v6only = true;
    PoolUsage pool = tcp(TEN, v6only, withoutPeer(SocketState.LISTEN, "::", 40_001));
    assertEquals(2, pool.blocked().of(BlockReason.LISTENING));
    assertEquals(8, pool.bindFree());
    assertEquals(2, pool.used());
  }

  @Test
  void oneUdpPortServesOneSocket() {
    PoolUsage pool =
        udp(
            TEN,
            udpServer("0.0.0.0", 40_000),
            udpTo(ME, 40_001, SERVER, 53),
            udpTo(ME, 40_002, SERVER, 53),
            udpTo(ME, 40_003, "10.0.0.3", 53));
    assertEquals(blocked(0, 1, 3), pool.blocked());
    assertEquals(4, pool.used());
    assertEquals(6, pool.bindFree());
    assertEquals(new Headroom(4, 6), pool.worst());
    assertEquals(2, pool.destinations());
    assertEquals(2, pool.top().size());
    pool.top().forEach(group -> assertEquals(new Headroom(4, 6), group.headroom()));
    assertTrue(pool.exact());
    assertEquals(1, pool.sockets().get(SocketState.UNCONNECTED));
    assertEquals(3, pool.sockets().get(SocketState.ESTABLISHED));
    assertEquals(2, pool.sockets().size());
  }

  @Test
  void aV6OnlyUdpSocketLeavesItsPortToIpv4() {
    SocketEntry v6only = udpServer("::", 40_000);
    v6only.v6only = true;
    PoolUsage pool =
        udp(
            TEN,
            v6only,
            udpServer("::", 40_001),
            udpTo(ME, 40_002, SERVER, 53),
            udpTo("::1", 40_003, "::1", 53));
    assertEquals(blocked(0, 1, 2), pool.blocked());
    assertEquals(new Headroom(4, 6), pool.worst());
    assertEquals(6, pool.bindFree());
    assertEquals(new Headroom(3, 7), headroom(pool, ME));
    assertEquals(new Headroom(4, 6), headroom(pool, "::1"));
  }

  @Test
  void udpSocketsThatShareAPortAreNoDestinations() {
    SocketEntry server = udpServer("0.0.0.0", 40_000);
    SocketEntry[] served = {
      namedUdpTo(40_000, "10.0.0.50"), namedUdpTo(40_000, "10.0.0.51"),
    };
    SocketEntry client = namedUdpTo(40_001, SERVER);
    assertEquals(1, udp(TEN, server, served[0], served[1], client).destinations());
    assertEquals(1, udp(TEN, served[0], server, client).destinations());
    assertEquals(1, udp(TEN, client, served[0], served[1]).destinations());
    assertEquals(0, udp(TEN, server, served[0]).destinations());
    assertEquals(1, udp(TEN, served[0]).destinations());
    server.explicitPort = Fact.NO;
    assertEquals(0, udp(TEN, served[0], server).destinations());
  }

  private static SocketEntry namedUdpTo(int port, String remote) {
    SocketEntry socket = udpTo(ME, port, remote, 50_000);
    socket.explicitPort = Fact.YES;
    return socket;
  }

  @Test
  void whatATransparentProxyAcceptedClosesItsPort() {
    SocketEntry accepted = connection(SERVER, 40_000, "10.0.0.50", 50_000);
    accepted.intercepted = Fact.YES;
    accepted.bindMade = Fact.YES;
    PoolUsage pool = tcp(TEN, accepted, connection(ME, 40_000, SERVER, 80));
    assertEquals(blocked(0, 0, 1), pool.blocked());
    assertEquals(1, pool.destinations());
    assertEquals(new Headroom(1, 9), pool.worst());
  }

  @Test
  void aTimeWaitBesideAProxyClosesItsPortUnlessAConnectionGoesThere() {
    SocketEntry there = timeWait(40_001, 59_999);
    there.intercepted = Fact.UNKNOWN;
    SocketEntry elsewhere = timeWait(40_002, 0);
    elsewhere.remotePort = 81;
    elsewhere.intercepted = Fact.UNKNOWN;
    PoolUsage pool = tcp(TEN, connection(ME, 40_000, SERVER, 80), there, elsewhere);
    assertEquals(blocked(0, 0, 1), pool.blocked());
    assertEquals(1, pool.destinations());
    assertEquals(new Headroom(3, 7), pool.worst());
  }

  @Test
  void socketsBoundToAnInterfaceCompeteAlsoWithThoseBoundToNone() {
    SocketEntry[] sockets = {
      connection(ME, 40_000, SERVER, 80),
      boundTo(2, 40_000),
      connection(ME, 40_001, SERVER, 80),
      boundTo(2, 40_002),
      boundTo(3, 40_000),
      boundTo(3, 40_003),
      connection(ME, 40_003, SERVER, 80),
    };
    for (int turn = 0; turn < sockets.length; turn++) {
      PoolUsage pool = tcp(TEN, sockets);
      assertEquals(new Headroom(3, 7), headroom(pool, ME));
      assertEquals(new Headroom(4, 6), headroom(pool, ME + "%2"));
      assertEquals(new Headroom(3, 7), headroom(pool, ME + "%3"));
      assertEquals(new Headroom(4, 6), pool.worst());
      Collections.rotate(Arrays.asList(sockets), 1);
    }
  }

  @Test
  void twinsThatAPassShowsFarApartCountTwice() {
    EphemeralPorts all = new EphemeralPorts(1, 65_535, new PortSet());
    SocketEntry[] sockets = new SocketEntry[5_002];
    sockets[0] = connection(ME, 40_000, SERVER, 80);
    for (int i = 1; i <= 5_000; i++) {
      sockets[i] = connection(ME, i, SERVER, 81);
    }
    sockets[5_001] = boundTo(2, 40_000);
    assertEquals(2, headroom(tcp(all, sockets), ME + "%2").used());
  }

  private static SocketEntry boundTo(int interfaceIndex, int port) {
    SocketEntry socket = connection(ME, port, SERVER, 80);
    socket.interfaceIndex = interfaceIndex;
    return socket;
  }

  private static Headroom headroom(PoolUsage pool, String source) {
    return pool.top().stream()
        .filter(usage -> usage.source().equals(source))
        .findFirst()
        .orElseThrow()
        .headroom();
  }

  @Test
  void aUdpPortIsBlockedForOneReasonAlone() {
    PoolUsage pool = udp(TEN, udpTo(ME, 40_000, SERVER, 53), udpServer(ME, 40_000));
    assertEquals(blocked(0, 1, 0), pool.blocked());
    assertEquals(new Headroom(1, 9), pool.worst());
  }

  @Test
  void aUdpClientWithoutAPeerIsNoListener() {
    SocketEntry client = udpServer("0.0.0.0", 40_000);
    client.explicitPort = Fact.NO;
    PoolUsage pool = udp(TEN, client, udpServer("0.0.0.0", 40_001), udpServer("0.0.0.0", 53));
    assertEquals(perRange(1, 1, 0), pool.listeners().sockets());
    assertEquals(1, pool.listeners().unreservedInRange());
    assertEquals(2, pool.blocked().of(BlockReason.BOUND));
  }

  @Test
  void theProtocolsDoNotCompete() {
    SocketEntry[] both = {udpServer(ME, 40_000), connection(ME, 40_001, SERVER, 80)};
    assertEquals(new Headroom(1, 9), tcp(TEN, both).worst());
    assertEquals(0, tcp(TEN, both).blocked().total());
    assertEquals(new Headroom(1, 9), udp(TEN, both).worst());
    assertEquals(0, udp(TEN, both).destinations());
  }

  @Test
  void aFullyReservedRangeHasNoHeadroom() {
    EphemeralPorts none = new EphemeralPorts(40_000, 40_009, PortSet.range(40_000, 40_009));
    PoolUsage pool = tcp(none, connection(ME, 40_000, SERVER, 80));
    assertEquals(new Headroom(0, 0), pool.worst());
    assertTrue(pool.worst().exhausted());
    assertEquals(0, pool.bindFree());
    assertEquals(0, pool.destinations());
  }

  private static SocketEntry timeWait(int port, int expires) {
    SocketEntry socket = connection(ME, port, SERVER, 80);
    socket.state = SocketState.TIME_WAIT;
    socket.ageMillis = 60_000 - expires;
    return socket;
  }

  private static Map<IanaRange, Integer> perRange(int wellKnown, int registered, int dynamic) {
    Map<IanaRange, Integer> counts = new EnumMap<>(IanaRange.class);
    counts.put(IanaRange.WELL_KNOWN, wellKnown);
    counts.put(IanaRange.REGISTERED, registered);
    counts.put(IanaRange.DYNAMIC, dynamic);
    return counts;
  }

  private static PoolUsage tcp(EphemeralPorts range, SocketEntry... sockets) {
    return PoolUsages.of(
        Tables.of(range, sockets), Protocol.TCP, Set.of(), new TopDestinations(10));
  }

  private static PoolUsage udp(EphemeralPorts range, SocketEntry... sockets) {
    return PoolUsages.of(
        Tables.of(range, sockets), Protocol.UDP, Set.of(), new TopDestinations(10));
  }

  @Test
  void theWorstIsNamedWhereTheTableOverflows() {
    SocketTable table = new SocketTable(4);
    table.begin(new EphemeralPorts(1, 65_535, new PortSet()), Tables.REUSE);
    // The fifth group pushes the small ones out and may have had as many ports as they.
    int[] ports = {10, 5, 5, 5, 8};
    for (int group = 0; group < ports.length; group++) {
      for (int port = 1; port <= ports[group]; port++) {
        table.socket(connection("10.0.0.1", port, "10.0.0.2", 100 + group));
      }
    }
    PoolUsage pool = PoolUsages.of(table, Protocol.TCP, Set.of(), new TopDestinations(1));
    assertEquals(13, pool.worst().used());
    assertEquals(pool.worst(), pool.top().getFirst().headroom());
    assertEquals("10.0.0.2:104", pool.top().getFirst().destination());
  }

  private static BlockedPorts blocked(int listening, int bound, int connected) {
    return new BlockedPorts(
        Map.of(
            BlockReason.LISTENING,
            listening,
            BlockReason.BOUND,
            bound,
            BlockReason.CONNECTED,
            connected));
  }
}
