package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopDestinationsTest {
  private final SocketTable table = new SocketTable(1000);

  @Test
  void namesTheWorstFirst() {
    TopDestinations top = new TopDestinations(3);
    assertEquals(List.of(83, 81, 84), named(top, Map.of(80, 2, 81, 8, 82, 1, 83, 9, 84, 7)));
    assertEquals(List.of(80), named(top, Map.of(80, 2)));
    assertEquals(List.of(), named(top, Map.of()));
  }

  @Test
  void namesNoneWhenNoneIsWanted() {
    assertEquals(List.of(), named(new TopDestinations(0), Map.of(80, 2)));
  }

  @Test
  void groupsOfAboutTheSameSizeDoNotTakeTurns() {
    TopDestinations top = new TopDestinations(2);
    assertEquals(List.of(80, 81), named(top, Map.of(80, 500, 81, 100, 82, 99)));
    for (int pass = 0; pass < 10; pass++) {
      int rival = pass % 2 == 0 ? 110 : 90;
      assertEquals(List.of(80, 81), named(top, Map.of(80, 500, 81, 100, 82, rival)));
    }
    assertEquals(List.of(80, 82), named(top, Map.of(80, 500, 81, 100, 82, 112)));
    assertEquals(List.of(80, 82), named(top, Map.of(80, 500, 81, 115, 82, 112)));
  }

  @Test
  void namesTheWorstEvenWhenAnotherWasNamedBefore() {
    TopDestinations top = new TopDestinations(1);
    assertEquals(List.of(80), named(top, Map.of(80, 100, 81, 99)));
    assertEquals(List.of(81), named(top, Map.of(80, 100, 81, 101)));
  }

  @Test
  void forgetsAGroupThatHasGone() {
    TopDestinations top = new TopDestinations(2);
    assertEquals(List.of(80, 81), named(top, Map.of(80, 500, 81, 100)));
    assertEquals(List.of(80, 82), named(top, Map.of(80, 500, 82, 100, 83, 99)));
    assertEquals(List.of(80, 82), named(top, Map.of(80, 500, 81, 105, 82, 100)));
  }

  @Test
  void looksAtOneProtocol() {
    table.begin(new EphemeralPorts(1, 100, new PortSet()), Tables.REUSE);
    table.socket(SocketEntries.udpTo("10.0.0.1", 1, "10.0.0.2", 53));
    table.socket(SocketEntries.udpTo("10.0.0.1", 2, "10.0.0.2", 53));
    table.socket(SocketEntries.connection("10.0.0.1", 1, "10.0.0.2", 80));
    assertEquals(List.of(80), remotePorts(new TopDestinations(5), Protocol.TCP));
    assertEquals(List.of(53), remotePorts(new TopDestinations(5), Protocol.UDP));
  }

  @Test
  void neverLeavesOutAGroupThatIsATenthLarger() {
    Random random = new Random(10);
    for (int round = 0; round < 50; round++) {
      int limit = 1 + random.nextInt(5);
      TopDestinations top = new TopDestinations(limit);
      for (int pass = 0; pass < 6; pass++) {
        Map<Integer, Integer> sizes = sizes(random);
        List<Integer> named = named(top, sizes);
        assertEquals(Math.min(limit, sizes.size()), named.size());
        assertEquals(Collections.max(sizes.values()), sizes.get(named.getFirst()));
        int smallest = sizes.getOrDefault(named.getLast(), 0);
        sizes.forEach((remotePort, size) -> {
          assertTrue(named.contains(remotePort) || size <= smallest + smallest / 10 + 1);
        });
      }
    }
  }

  /** Distinct sizes, so that the order is certain. */
  private static Map<Integer, Integer> sizes(Random random) {
    List<Integer> counts = new ArrayList<>();
    for (int size = 1; size <= 60; size++) {
      counts.add(size);
    }
    Collections.shuffle(counts, random);
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    for (int remotePort = 80; remotePort < 90; remotePort++) {
      sizes.put(remotePort, counts.removeLast());
    }
    return sizes;
  }

  private List<Integer> named(TopDestinations top, Map<Integer, Integer> connections) {
    Tables.fill(table, connections);
    return remotePorts(top, Protocol.TCP);
  }

  private List<Integer> remotePorts(TopDestinations top, Protocol protocol) {
    return top.choose(table.destinations(), protocol).stream()
        .map(row -> table.destinations().destination(row).remotePort())
        .toList();
  }
}
