package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OwnerTableTest {
  private record Owner(Protocol protocol, long group) {}

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isWhatANaiveModelIs(int seed) {
    Random random = new Random(seed);
    int maxRows = 3 + random.nextInt(60);
    int groups = 1 + random.nextInt(60);
    OwnerTable table = new OwnerTable(maxRows);
    for (int pass = 0; pass < 4; pass++) {
      Map<Owner, Set<Integer>> model = new HashMap<>();
      Map<Owner, Integer> sockets = new HashMap<>();
      table.begin();
      for (int i = 0; i < 2000; i++) {
        SocketEntry socket = new SocketEntry();
        socket.protocol = random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
        // Skewed, and spread over all 64 bits.
        long group = (long) (groups * random.nextDouble() * random.nextDouble());
        socket.controlGroup = group * 0x9e3779b97f4a7c15L;
        socket.localPort = random.nextInt(65_536) & (random.nextBoolean() ? 0xffff : 0xff);
        Owner owner = new Owner(socket.protocol, socket.controlGroup);
        model.computeIfAbsent(owner, key -> new HashSet<>()).add(socket.localPort);
        sockets.merge(owner, 1, Integer::sum);
        table.add(socket);
      }
      check(table, maxRows, model, sockets);
    }
  }

  private static void check(
      OwnerTable table, int maxRows, Map<Owner, Set<Integer>> model, Map<Owner, Integer> sockets) {
    assertTrue(table.rows() <= maxRows);
    long tracked = 0;
    for (Map.Entry<Owner, Set<Integer>> entry : model.entrySet()) {
      Owner owner = entry.getKey();
      int row = table.row(owner.protocol(), owner.group());
      if (row < 0) {
        assertTrue(table.untracked() > 0);
        assertFalse(owner.group() == 0, "id 0 is never dropped");
        continue;
      }
      assertEquals(owner.group(), table.controlGroup(row));
      assertTrue(table.isUsed(row, owner.protocol()));
      assertEquals(entry.getValue().size(), table.ports(row));
      tracked += sockets.getOrDefault(owner, 0);
    }
    assertEquals(2000, tracked + table.untracked());
  }

  @Test
  void groupsThatWereLargeKeepTheirRowsFromNewcomers() {
    OwnerTable table = new OwnerTable(2 + 8);
    for (int pass = 0; pass < 5; pass++) {
      table.begin();
      // Newcomers come first, with one port each.
      for (int newcomer = 0; newcomer < 6 + 20 * Math.min(pass, 1); newcomer++) {
        add(table, 1000L * (pass + 1) + newcomer, 1);
      }
      add(table, 1, 50);
      add(table, 2, 40);
      assertEquals(50, table.ports(table.row(Protocol.TCP, 1)));
      assertEquals(40, table.ports(table.row(Protocol.TCP, 2)));
      if (pass == 0) {
        add(table, 3, 1);
      }
      assertTrue(table.untracked() > 0);
    }
    table.begin();
    table.begin();
    assertEquals(-1, table.row(Protocol.TCP, 1));
    assertEquals(2, table.rows());
  }

  @Test
  void aTableForgetsWhatIsNotOnPoolPorts() {
    SocketTable table = new SocketTable(10);
    table.begin(new EphemeralPorts(100, 200, PortSet.parse("150")), TcpSettings.NONE);
    for (int port : new int[] {99, 100, 150, 200, 201}) {
      SocketEntry socket = SocketEntries.connection("10.0.0.1", port, "10.0.0.2", 80);
      socket.controlGroup = 7;
      table.socket(socket);
    }
    assertEquals(2, table.owners().ports(table.owners().row(Protocol.TCP, 7)));
    assertEquals(5, table.sockets());
    table.begin(table.range(), TcpSettings.NONE);
    assertEquals(-1, table.owners().row(Protocol.TCP, 7));
  }

  private static void add(OwnerTable table, long group, int ports) {
    for (int port = 1; port <= ports; port++) {
      SocketEntry socket = new SocketEntry();
      socket.controlGroup = group;
      socket.localPort = port;
      table.add(socket);
    }
  }
}
