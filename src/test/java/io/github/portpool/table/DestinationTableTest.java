package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DestinationTableTest {
  private static final int HEAVY = 7777;

  @Test
  void isExactWhileItFitsAndGrowsUpToItsBound() {
    DestinationTable table = new DestinationTable(5000);
    for (int pass = 0; pass < 3; pass++) {
      table.begin();
      assertEquals(0, table.rows());
      for (int round = 0; round < 3; round++) {
        for (int group = 1; group <= 5000; group++) {
          table.add(socket(group), round == 2 && group % 2 == 0 ? 0 : 1);
        }
      }
      assertEquals(5000, table.rows());
      assertEquals(0, table.untracked());
      for (int group = 1; group <= 5000; group++) {
        int row = table.row(destination(group));
        assertEquals(3, table.sockets(row));
        assertEquals(group % 2 == 0 ? 2 : 3, table.ports(row));
        assertEquals(0, table.missed(row));
        assertEquals(destination(group), table.destination(row));
      }
    }
  }

  @Test
  void tellsGroupsApartByEveryPartOfTheirKey() {
    List<SocketEntry> sockets =
        List.of(
            SocketEntries.connection("10.0.0.1", 1, "10.0.0.2", 80),
            SocketEntries.connection("10.0.0.9", 1, "10.0.0.2", 80),
            SocketEntries.connection("10.0.0.1", 1, "10.0.0.9", 80),
            SocketEntries.connection("10.0.0.1", 1, "10.0.0.2", 81),
            SocketEntries.udpTo("10.0.0.1", 1, "10.0.0.2", 80),
            SocketEntries.connection("1::1", 1, "2::1", 80),
            SocketEntries.connection("3::1", 1, "2::1", 80),
            SocketEntries.connection("1::1", 1, "3::1", 80),
            SocketEntries.connection("1::1", 1, "2::1", 80));
    sockets.getLast().interfaceIndex = -1;
    DestinationTable table = new DestinationTable(100);
    table.begin();
    sockets.forEach(socket -> table.add(socket, 1));
    assertEquals(sockets.size(), table.rows());
    SocketEntry sameButForThePort = SocketEntries.connection("10.0.0.1", 2, "10.0.0.2", 80);
    table.add(sameButForThePort, 1);
    assertEquals(sockets.size(), table.rows());
    for (int row = 0; row < table.rows(); row++) {
      assertEquals(row, table.row(table.destination(row)));
      assertEquals(row == 0 ? 2 : 1, table.sockets(row));
      assertEquals(sockets.get(row).protocol, table.protocol(row));
    }
    assertEquals("1::1%-1", table.destination(8).source());
    assertEquals("[2::1]:80", table.destination(8).destination());
    assertEquals(-1, table.row(destination(4711)));
  }

  @Test
  void aHeavyGroupThatArrivesLateIsBoundedAtOnceAndExactInTheNextPass() {
    DestinationTable table = new DestinationTable(8);
    for (int pass = 0; pass < 4; pass++) {
      table.begin();
      IntStream.rangeClosed(1, 1000).forEach(group -> table.add(socket(group), 1));
      IntStream.range(0, 50).forEach(i -> table.add(socket(HEAVY), 1));
      assertTrue(table.untracked() > 0);
      int row = table.row(destination(HEAVY));
      assertEquals(50, table.ports(row));
      assertEquals(50, table.sockets(row));
      if (pass > 0) {
        assertEquals(0, table.missed(row), "pass " + pass);
      }
    }
  }

  @Test
  void aHeavyGroupThatIsSpreadOverThePassIsExactInTheNext() {
    DestinationTable table = new DestinationTable(8);
    for (int pass = 0; pass < 4; pass++) {
      table.begin();
      for (int group = 1; group <= 1000; group++) {
        table.add(socket(group), 1);
        if (group % 3 == 0) {
          table.add(socket(HEAVY), 1);
        }
      }
      int row = table.row(destination(HEAVY));
      assertTrue(table.ports(row) <= 333 && 333 <= table.ports(row) + table.missed(row));
      if (pass > 0) {
        assertEquals(333, table.ports(row), "pass " + pass);
        assertEquals(0, table.missed(row), "pass " + pass);
      }
    }
  }

  @Test
  void aGroupWithoutARowMayHaveAsManyPortsAsWereDropped() {
    DestinationTable table = new DestinationTable(8);
    table.begin();
    IntStream.range(0, 3).forEach(i -> table.add(socket(1), 1));
    assertEquals(3, table.mostPorts(destination(1)));
    assertEquals(0, table.mostPorts(destination(2)));
    for (int group = 2; group <= 100; group++) {
      table.add(socket(group), 1);
      table.add(socket(group), 1);
    }
    assertTrue(table.untracked() > 0);
    for (int group = 2; group <= 100; group++) {
      assertTrue(table.mostPorts(destination(group)) >= 2);
    }
  }

  @Test
  void forgetsAHeavyGroupThatHasGone() {
    DestinationTable table = new DestinationTable(8);
    for (int pass = 0; pass < 3; pass++) {
      table.begin();
      for (int i = 0; pass == 0 && i < 50; i++) {
        table.add(socket(HEAVY), 1);
      }
      IntStream.rangeClosed(1, 1000).forEach(group -> table.add(socket(group), 1));
    }
    assertEquals(-1, table.row(destination(HEAVY)));
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItsBoundsWhateverComes(int seed) {
    Random random = new Random(seed);
    int maxRows = 1 + random.nextInt(40);
    DestinationTable table = new DestinationTable(maxRows);
    int groups = 1 + random.nextInt(200);
    for (int pass = 0; pass < 4; pass++) {
      List<Integer> sockets = new ArrayList<>();
      for (int group = 1; group <= groups; group++) {
        int size = random.nextInt(8) == 0 ? random.nextInt(60) : random.nextInt(3);
        sockets.addAll(Collections.nCopies(size, group));
      }
      if (random.nextBoolean()) {
        Collections.shuffle(sockets, random);
      }
      Map<Destination, Integer> ports = new HashMap<>();
      Map<Destination, Integer> counts = new HashMap<>();
      table.begin();
      for (int group : sockets) {
        int taken = random.nextInt(5) == 0 ? 0 : 1;
        ports.merge(destination(group), taken, Integer::sum);
        counts.merge(destination(group), 1, Integer::sum);
        table.add(socket(group), taken);
        assertTrue(table.rows() <= maxRows);
      }
      check(table, ports, counts, sockets.size());
    }
  }

  /**
   * Whatever does not fit, a group bound to an interface never seems to lack fewer than it does.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void neverPromisesMoreToGroupsBoundToAnInterface(int seed) {
    Random random = new Random(seed);
    int groups = 1 + random.nextInt(30);
    DestinationTable table = new DestinationTable(1 + random.nextInt(2 * groups));
    Twins twins = new Twins();
    for (int pass = 0; pass < 3; pass++) {
      List<SocketEntry> sockets = new ArrayList<>();
      for (int i = random.nextInt(1000); i > 0; i--) {
        SocketEntry socket = socket(1 + random.nextInt(groups));
        socket.interfaceIndex = random.nextInt(3);
        socket.localPort = 40_000 + random.nextInt(20);
        sockets.add(socket);
      }
      Map<String, SocketEntry> distinct = new HashMap<>();
      sockets.forEach(each ->
          distinct.put(each.interfaceIndex + " " + each.remotePort + " " + each.localPort, each));
      Map<Destination, Set<Integer>> lacks = new HashMap<>();
      table.begin();
      twins.begin();
      for (SocketEntry socket : distinct.values()) {
        table.add(socket, 1);
        twins.add(socket, table);
        for (int bound :
            socket.interfaceIndex == 0 ? new int[] {0, 1, 2} : new int[] {socket.interfaceIndex}) {
          lacks
              .computeIfAbsent(boundTo(bound, socket.remotePort), _ -> new HashSet<>())
              .add(socket.localPort);
        }
      }
      lacks.forEach((group, ports) -> {
        int most = table.mostPorts(group);
        assertTrue(most >= ports.size(), group + " lacks " + ports.size() + ", not " + most);
        if (table.untracked() == 0) {
          assertEquals(ports.size(), most, group.toString());
        }
      });
    }
  }

  private static Destination boundTo(int interfaceIndex, int group) {
    Destination to = destination(group);
    return new Destination(
        to.protocol(),
        to.localHigh(),
        to.localLow(),
        interfaceIndex,
        to.remoteHigh(),
        to.remoteLow(),
        group);
  }

  private static void check(
      DestinationTable table,
      Map<Destination, Integer> ports,
      Map<Destination, Integer> counts,
      int sockets) {
    long tracked = 0;
    for (int row = 0; row < table.rows(); row++) {
      Destination group = table.destination(row);
      assertEquals(row, table.row(group));
      int truth = ports.getOrDefault(group, 0);
      assertTrue(table.ports(row) <= truth, group + " has too many ports");
      assertTrue(truth <= table.ports(row) + table.missed(row), group + " has more than admitted");
      tracked += table.sockets(row);
      if (table.untracked() == 0) {
        assertEquals(counts.getOrDefault(group, 0), table.sockets(row));
        assertEquals(0, table.missed(row));
      }
    }
    assertEquals(sockets, tracked + table.untracked());
  }

  private static SocketEntry socket(int group) {
    return SocketEntries.connection("10.0.0.1", 40_000, "10.0.0.2", group);
  }

  private static Destination destination(int group) {
    SocketEntry socket = socket(group);
    return new Destination(
        socket.protocol,
        socket.localHigh,
        socket.localLow,
        0,
        socket.remoteHigh,
        socket.remoteLow,
        group);
  }
}
