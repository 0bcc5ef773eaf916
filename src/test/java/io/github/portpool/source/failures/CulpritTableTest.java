package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.source.failures.ProcessNames.Identity;
import io.github.portpool.table.IpAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CulpritTableTest {
  private static final Identity CURL = new Identity("curl", 4026531840L);

  private static final int MOST_ROWS = 1000;

  private long now = Long.MAX_VALUE - 5; // a clock may overflow
  private final CulpritTable table = new CulpritTable(MOST_ROWS, () -> now);

  private void fail(int port) {
    table.add(CURL, 7, 0, IpAddress.mapped(0x0a000001), port);
  }

  @Test
  void failuresOfOneKindAreOneRow() {
    fail(80);
    fail(80);
    table.add(CURL, 7, 0, 1, 443);
    assertEquals(
        Map.of(
            new Culprit(4026531840L, "curl", 7, "10.0.0.1:80"), 2L,
            new Culprit(4026531840L, "curl", 7, "[::1]:443"), 1L),
        table.culprits());
    assertEquals(3, table.failures());
  }

  @Test
  void whatDiffersInAnythingIsARowOfItsOwn() {
    fail(80);
    table.add(new Identity("curl", 1), 7, 0, IpAddress.mapped(0x0a000001), 80);
    table.add(new Identity("wget", 4026531840L), 7, 0, IpAddress.mapped(0x0a000001), 80);
    table.add(CURL, 8, 0, IpAddress.mapped(0x0a000001), 80);
    assertEquals(4, table.culprits().size());
  }

  @Test
  void aTableWithoutRowsCountsAll() {
    CulpritTable none = new CulpritTable(0, () -> now);
    none.add(CURL, 7, 0, 1, 443);
    assertEquals(Map.of(), none.culprits());
    assertEquals(1, none.untracked());
  }

  @Test
  void aFullTableKeepsTheRowsOfTheLastTenMinutes() {
    for (int port = 1; port <= MOST_ROWS; port++) {
      fail(port);
    }
    now += CulpritTable.KEPT.toNanos();
    fail(1); // now port 2 has failed longest ago
    fail(5000);
    assertEquals(1, table.untracked());
    now++;
    fail(5001);
    fail(5002);
    fail(5002);
    assertEquals(3, table.untracked(), "and the failures of two rows that were given up");
    assertEquals(MOST_ROWS, table.culprits().size());
    List<String> destinations =
        table.culprits().keySet().stream().map(Culprit::destination).toList();
    assertEquals(
        List.of(true, false, false, true, false, true, true),
        List.of(1, 2, 3, 4, 5000, 5001, 5002).stream()
            .map(port -> destinations.contains("10.0.0.1:" + port))
            .toList());
    long rows = table.culprits().values().stream().mapToLong(Long::longValue).sum();
    assertEquals(table.failures(), rows + table.untracked());
  }
}
