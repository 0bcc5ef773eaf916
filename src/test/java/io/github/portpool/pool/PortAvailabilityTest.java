package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortAvailabilityTest {
  private static final EphemeralPorts RANGE =
      new EphemeralPorts(20_000, 20_099, PortSet.parse("80,20050"));

  private static final SocketTable TABLE =
      Tables.of(
          RANGE,
          SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 80),
          SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 20_050),
          SocketEntries.withoutPeer(SocketState.BOUND, "10.0.0.9", 20_098),
          SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 20_100),
          SocketEntries.connection("10.0.0.1", 20_098, "10.0.0.2", 80),
          SocketEntries.connection("10.0.0.1", 20_099, "10.0.0.2", 80),
          v6only(SocketEntries.udpServer("::", 20_001)),
          SocketEntries.udpServer("::", 20_002));

  private static SocketEntry v6only(SocketEntry socket) {
    socket.v6only = true;
    return socket;
  }

  @ParameterizedTest
  @CsvSource({
    "TCP, 19999, outside_range, false",
    "TCP, 20100, outside_range, false",
    "TCP, 80, outside_range, false",
    "TCP, 20050, reserved, false",
    "UDP, 20050, reserved, false",
    "TCP, 20000, free, true",
    "TCP, 20099, shared, true",
    "UDP, 20099, free, true",
    "TCP, 20098, closed, false",
    "TCP, 20002, free, true",
    "UDP, 20002, closed, false",
    "UDP, 20001, ipv4_only, true",
  })
  void followsTheKernel(Protocol protocol, int port, String label, boolean connectable) {
    PortAvailability availability = PortAvailability.of(TABLE, protocol, port);
    assertEquals(label, availability.label());
    assertEquals(connectable, availability.connectable());
  }
}
