package io.github.portpool.lookup;

import io.github.portpool.source.OwnerSource;
import io.github.portpool.table.SocketEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** The sockets of one answer by what they have in common, in bounded memory. */
final class GroupCounts {
  private static final int MOST_ROWS = 4096;

  private static final class Row {
    private long[] inodes = new long[1];
    private int held;
    private int unheld;
  }

  private final Map<Sighting, Row> rows = new HashMap<>();
  private int inodes;

  /** Counts a socket, under a sighting of all that it has in common with others. */
  void add(Sighting alike, SocketEntry socket) {
    Row row = rows.get(alike);
    if (row == null) {
      if (rows.size() == MOST_ROWS) {
        return;
      }
      row = new Row();
      rows.put(alike, row);
    }
    if (socket.inode == 0) {
      row.unheld++;
    } else if (inodes < OwnerSource.MOST_HELD) {
      if (row.held == row.inodes.length) {
        row.inodes = Arrays.copyOf(row.inodes, row.held * 2);
      }
      row.inodes[row.held++] = socket.inode;
      inodes++;
    }
  }

  /** Takes all that another one has. */
  void addAll(GroupCounts others) {
    others.rows.forEach(rows::putIfAbsent);
    inodes += others.inodes;
  }

  /** The inode numbers of the sockets, as many as were kept. */
  LongStream inodes() {
    return rows.values().stream().flatMapToLong(row -> Arrays.stream(row.inodes, 0, row.held));
  }

  /** The groups by who holds them, the largest first. */
  List<SocketGroup> named(SocketOwners owners) {
    List<SocketGroup> groups = new ArrayList<>();
    rows.forEach((alike, row) -> groups.addAll(named(owners, alike, row)));
    groups.sort((one, other) -> Integer.compare(other.sockets(), one.sockets()));
    return groups;
  }

  private static List<SocketGroup> named(SocketOwners owners, Sighting alike, Row row) {
    // One inode number stands for all that have the same processes.
    Map<List<?>, Integer> counts = new HashMap<>();
    Map<List<?>, Long> examples = new HashMap<>();
    for (int i = 0; i < row.held; i++) {
      List<?> processes = owners.processes(row.inodes[i], alike.pid());
      counts.merge(processes, 1, Integer::sum);
      examples.putIfAbsent(processes, row.inodes[i]);
    }
    List<SocketGroup> groups = new ArrayList<>();
    counts.forEach((processes, count) ->
        groups.add(
            group(owners.name(alike.withInode(examples.getOrDefault(processes, 0L))), count)));
    if (row.unheld > 0) {
      groups.add(group(owners.name(alike), row.unheld));
    }
    return groups;
  }

  private static SocketGroup group(FoundSocket each, int sockets) {
    return new SocketGroup(
        each.netns(),
        each.elsewhere(),
        each.protocol(),
        each.state(),
        each.local().port() == 0 ? null : each.local(),
        each.remote(),
        sockets,
        each.user(),
        each.holder(),
        each.processes(),
        each.untrackedProcesses(),
        each.controlGroup());
  }
}
