package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PortAllocationTest {
  private static final String ME = "10.0.0.1";
  private static final String SERVER = "10.0.0.2";
  private static final int OLD = 58_000;

  @ParameterizedTest
  @CsvSource(
      nullValues = "open",
      value = {
        // protocol, state, whether bind() made the bucket, IPv6 alone, closed for
        "TCP, LISTEN, YES, false, LISTENING",
        "TCP, LISTEN, YES, true, LISTENING",
        "TCP, BOUND, YES, false, BOUND",
        "TCP, BOUND, YES, true, BOUND",
        "TCP, ESTABLISHED, YES, false, CONNECTED",
        "TCP, SYN_SENT, YES, false, CONNECTED",
        "TCP, TIME_WAIT, YES, true, CONNECTED",
        "TCP, ESTABLISHED, NO, false, open",
        "TCP, ESTABLISHED, UNKNOWN, false, open",
        "TCP, TIME_WAIT, UNKNOWN, false, open",
        "UDP, UNCONNECTED, YES, false, BOUND",
        "UDP, ESTABLISHED, YES, false, CONNECTED",
        "UDP, UNCONNECTED, YES, true, open",
        "UDP, ESTABLISHED, YES, true, open",
      })
  void aPortIsClosedToEveryConnect(
      Protocol protocol,
      SocketState state,
      Fact bindMade,
      boolean v6only,
      @Nullable BlockReason reason) {
    SocketEntry socket = SocketEntries.connection(ME, 40_000, SERVER, 80);
    socket.protocol = protocol;
    socket.state = state;
    socket.bindMade = bindMade;
    socket.v6only = v6only;
    assertEquals(reason, PortAllocation.closes(socket));
  }

  @ParameterizedTest
  @CsvSource({
    // protocol, what was there before, reusable, competes, takes
    "TCP, ESTABLISHED, false, true, 1",
    "TCP, ESTABLISHED, true, true, 0",
    "TCP, LISTEN, false, false, 0",
    "TCP, BOUND, false, true, 0",
    "UDP, ESTABLISHED, false, true, 1",
    "UDP, UNCONNECTED, false, true, 1",
  })
  void takesAPortFromItsGroup(
      Protocol protocol, SocketState before, boolean reusable, boolean competes, int takes) {
    SocketEntry first =
        before == SocketState.ESTABLISHED
            ? SocketEntries.connection(ME, 40_000, SERVER, 443)
            : SocketEntries.withoutPeer(before, ME, 40_000);
    PortTable ports = new PortTable(protocol);
    first.protocol = protocol;
    ports.add(first, new EphemeralPorts(40_000, 40_009, new PortSet()));
    SocketEntry socket =
        reusable ? timeWait(ME, SERVER, OLD) : SocketEntries.connection(ME, 40_000, SERVER, 80);
    socket.protocol = protocol;
    assertEquals(competes, PortAllocation.competes(socket, ports));
    assertEquals(takes, PortAllocation.takes(socket, ports, settings(1, 1000, 1)));
  }

  @Test
  void whatHasNoPeerCompetesWithNobody() {
    PortTable none = new PortTable(Protocol.TCP);
    for (SocketState state : List.of(SocketState.LISTEN, SocketState.BOUND)) {
      assertFalse(
          PortAllocation.competes(SocketEntries.withoutPeer(state, ME, 40_000), none), state::name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // protocol, capacity, closed, taken, used
    "TCP, 10, 0, 0, 0",
    "TCP, 10, 3, 4, 7",
    "TCP, 10, 3, 7, 10",
    "TCP, 10, 3, 9, 10",
    "TCP, 0, 0, 0, 0",
    "UDP, 10, 3, 3, 3",
  })
  void headroomIsWhatIsNeitherClosedNorTaken(
      Protocol protocol, int capacity, int closed, int taken, int used) {
    assertEquals(
        new Headroom(used, capacity - used),
        PortAllocation.headroom(protocol, capacity, closed, taken));
  }

  @Test
  void theHeadroomOfAnyDestination() {
    SocketTable table = new SocketTable(10);
    table.begin(new EphemeralPorts(40_000, 40_009, new PortSet()), settings(1, 1000, 1));
    table.socket(SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 40_000));
    table.socket(SocketEntries.connection(ME, 40_001, SERVER, 80));
    table.socket(SocketEntries.connection(ME, 40_002, SERVER, 80));
    Destination named = table.destinations().destination(0);
    assertEquals(new Headroom(3, 7), table.headroom(named));
    assertEquals(new Headroom(1, 9), table.headroom(toPort(named, Protocol.TCP, 81)));
    assertEquals(new Headroom(0, 10), table.headroom(toPort(named, Protocol.UDP, 80)));
  }

  private static Destination toPort(Destination like, Protocol protocol, int port) {
    return new Destination(
        protocol, like.localHigh(), like.localLow(), 0, like.remoteHigh(), like.remoteLow(), port);
  }

  @ParameterizedTest
  @CsvSource({
    // tcp_tw_reuse, local, remote, interface, reusable
    "0, 10.0.0.1, 10.0.0.2, 0, false",
    "0, 127.0.0.1, 127.0.0.1, 1, false",
    "1, 10.0.0.1, 10.0.0.2, 0, true",
    "1, 2001:db8::1, 2001:db8::2, 0, true",
    "2, 10.0.0.1, 10.0.0.2, 0, false",
    "2, 2001:db8::1, 2001:db8::2, 0, false",
    "2, 10.0.0.1, 10.0.0.2, 2, false",
    "2, 127.0.0.1, 10.0.0.2, 0, true",
    "2, 10.0.0.1, 127.8.8.8, 0, true",
    "2, ::1, 2001:db8::2, 0, true",
    "2, 2001:db8::1, ::1, 0, true",
    "2, 10.0.0.1, 10.0.0.2, 1, true",
    "-1, 127.0.0.1, 127.0.0.1, 1, false",
  })
  void aTimeWaitIsReusableByTwReuse(
      int reuse, String local, String remote, int device, boolean reusable) {
    SocketEntry socket = timeWait(local, remote, OLD);
    socket.interfaceIndex = device;
    assertEquals(reusable, PortAllocation.isReusable(socket, settings(reuse, 1000, 1)));
  }

  @ParameterizedTest
  @CsvSource({
    // delay, milliseconds left of 60,000, reusable
    "1000, 59001, false",
    "1000, 59000, false",
    "1000, 58999, true",
    "1000, 0, true",
    "1000, 60000, false",
    "0, 60000, false",
    "0, 59999, true",
    "60000, 0, false",
    "59999, 0, true",
  })
  void waitsUntilTheDelayIsOver(int delay, int expires, boolean reusable) {
    SocketEntry socket = timeWait(ME, SERVER, expires);
    assertEquals(reusable, PortAllocation.isReusable(socket, settings(1, delay, 1)));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "2, true", "-1, false"})
  void needsTimestamps(int timestamps, boolean reusable) {
    SocketEntry socket = timeWait(ME, SERVER, OLD);
    assertEquals(reusable, PortAllocation.isReusable(socket, settings(1, 1000, timestamps)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TIME_WAIT")
  void reusesNoOtherState(SocketState state) {
    SocketEntry socket = timeWait(ME, SERVER, 0);
    socket.state = state;
    assertFalse(PortAllocation.isReusable(socket, settings(1, 1000, 1)));
  }

  @Test
  void reusesNothingWhereNothingIsKnown() {
    assertFalse(PortAllocation.isReusable(timeWait("127.0.0.1", "127.0.0.1", 0), TcpSettings.NONE));
  }

  private static TcpSettings settings(int reuse, int delay, int timestamps) {
    return new TcpSettings(reuse, delay, timestamps, 60, 8192);
  }

  private static SocketEntry timeWait(String local, String remote, int expires) {
    SocketEntry socket = SocketEntries.connection(local, 40_000, remote, 80);
    socket.state = SocketState.TIME_WAIT;
    socket.ageMillis = 60_000 - expires;
    return socket;
  }
}
