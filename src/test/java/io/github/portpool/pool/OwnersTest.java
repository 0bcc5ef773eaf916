package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnersTest {
  private final SocketTable table = new SocketTable(1000);

  @Test
  void namesTheWorstAndWhatHasNoGroup() {
    TopOwners top = new TopOwners(2);
    assertEquals(
        List.of(usage(3, 9), usage(1, 8), usage(0, 1)),
        choose(top, Map.of(0, 1, 1, 8, 2, 7, 3, 9)));
    assertEquals(List.of(usage(0, 9), usage(1, 8)), choose(top, Map.of(0, 9, 1, 8)));
    assertEquals(List.of(usage(1, 8)), choose(top, Map.of(1, 8)));
    assertEquals(List.of(), choose(top, Map.of()));
    assertEquals(List.of(), choose(new TopOwners(0), Map.of(0, 9, 1, 8)));
  }

  @Test
  void groupsOfAboutTheSameSizeDoNotTakeTurns() {
    TopOwners top = new TopOwners(2);
    for (int rival : new int[] {99, 110, 90}) {
      assertEquals(
          List.of(usage(7, 500), usage(8, 100)), choose(top, Map.of(7, 500, 8, 100, 9, rival)));
    }
    assertEquals(
        List.of(usage(7, 500), usage(9, 112)), choose(top, Map.of(7, 500, 8, 100, 9, 112)));
  }

  @Test
  void portsOfSeveralSocketsCountOnce() {
    SocketEntry first = SocketEntries.connection("10.0.0.1", 5, "10.0.0.2", 80);
    SocketEntry second = SocketEntries.connection("10.0.0.1", 5, "10.0.0.3", 80);
    SocketEntry udp = SocketEntries.udpTo("10.0.0.1", 5, "10.0.0.3", 80);
    SocketTable pass = Tables.of(new EphemeralPorts(1, 100, new PortSet()), first, second, udp);
    assertEquals(List.of(usage(0, 1)), new TopOwners(5).choose(pass.owners(), Protocol.TCP));
    assertEquals(
        List.of(new OwnerUsage(Protocol.UDP, 0, 1)),
        new TopOwners(5).choose(pass.owners(), Protocol.UDP));
  }

  @Test
  void listensInsideTheRange() {
    SocketEntry reserved = SocketEntries.withoutPeer(SocketState.LISTEN, "0.0.0.0", 50);
    reserved.inode = 7;
    reserved.uid = 8;
    reserved.controlGroup = 9;
    SocketTable pass =
        Tables.of(
            new EphemeralPorts(10, 100, PortSet.parse("50")),
            SocketEntries.udpServer("0.0.0.0", 60),
            SocketEntries.withoutPeer(SocketState.LISTEN, "::", 100),
            SocketEntries.withoutPeer(SocketState.BOUND, "::", 99),
            SocketEntries.connection("10.0.0.1", 98, "10.0.0.2", 80),
            SocketEntries.withoutPeer(SocketState.LISTEN, "::", 101),
            SocketEntries.withoutPeer(SocketState.LISTEN, "::", 9),
            reserved);
    assertEquals(
        List.of(
            new PoolListener(Protocol.TCP, 50, true, false, 7, 8, 9),
            new PoolListener(Protocol.TCP, 100, false, false, 0, 0, 0),
            new PoolListener(Protocol.UDP, 60, false, false, 0, 0, 0)),
        PoolListeners.of(pass));
  }

  private static OwnerUsage usage(long controlGroup, int ports) {
    return new OwnerUsage(Protocol.TCP, controlGroup, ports);
  }

  private List<OwnerUsage> choose(TopOwners top, Map<Integer, Integer> groups) {
    table.begin(new EphemeralPorts(1, 65_535, new PortSet()), Tables.REUSE);
    groups.forEach((group, ports) -> {
      for (int port = 1; port <= ports; port++) {
        SocketEntry socket = SocketEntries.connection("10.0.0.1", port, "10.0.0.2", 80);
        socket.controlGroup = group;
        table.socket(socket);
      }
    });
    return top.choose(table.owners(), Protocol.TCP);
  }
}
