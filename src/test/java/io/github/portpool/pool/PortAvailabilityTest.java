package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
    "TCP, 19999, outside_range",
    "TCP, 20100, outside_range",
    "TCP, 80, outside_range",
    "TCP, 20050, reserved",
    "UDP, 20050, reserved",
    "TCP, 20000, free",
    "TCP, 20099, shared",
    "UDP, 20099, free",
    "TCP, 20098, closed",
    "TCP, 20002, free",
    "UDP, 20002, closed",
    "UDP, 20001, ipv4_only",
  })
  void followsTheKernel(Protocol protocol, int port, String label) {
    assertEquals(label, PortAvailability.of(TABLE, protocol, port, Set.of()).label());
  }

  /**
   * Whatever is not seen: a port is called free where nothing that is missing could hide why not.
   */
  @ParameterizedTest
  @EnumSource
  void saysOfNoPortThatAClientMayBeGivenItWhereThatCannotBeKnown(Feature missing) {
    for (Protocol protocol : Protocol.values()) {
      boolean known = !missing.hidesPorts(protocol);
      assertEquals(known ? "free" : "unknown", without(missing, protocol, 20_000));
    }
    assertEquals(
        missing.hidesPorts(Protocol.TCP) ? "unknown" : "shared",
        without(missing, Protocol.TCP, 20_099));
    assertEquals(
        missing.hidesPorts(Protocol.UDP) ? "unknown" : "ipv4_only",
        without(missing, Protocol.UDP, 20_001));
    assertEquals("closed", without(missing, Protocol.TCP, 20_098));
    assertEquals(
        missing.hidesRange() ? "unknown" : "reserved", without(missing, Protocol.TCP, 20_050));
    assertEquals(
        missing.hidesRange() ? "unknown" : "outside_range", without(missing, Protocol.TCP, 80));
  }

  private static String without(Feature missing, Protocol protocol, int port) {
    return PortAvailability.of(TABLE, protocol, port, Set.of(missing)).label();
  }
}
