package io.github.portpool.table;

import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import java.util.Arrays;

/**
 * Counts sockets and ports per {@link Destination} in bounded memory, without allocating per
 * socket.
 *
 * <p>As long as the groups fit, every count is exact. When they do not, the smallest groups are
 * dropped (lossy counting): each row that enters afterwards says in {@link #missed} how many ports
 * of its group may have passed before it entered, and the groups that turned out large keep their
 * row for the next pass, where they are exact from the first socket on. So the groups that matter
 * are exact, and {@link #untracked} says how many sockets belonged to the others.
 *
 * <p>A new socket that is bound to an interface also clashes with those that are bound to none,
 * though not the other way round ({@code inet_bound_dev_eq()}): such a group lacks the ports of
 * both, and {@link #share} says which they have in common.
 *
 * <p>Rows are dense, 0 to {@link #rows}; not safe for several threads.
 */
public final class DestinationTable {
  // One row, a cache line: local address, remote address, interface << 32 | protocol << 16 | port,
  // counts.
  private static final int WIDTH = 8;
  private static final int COUNTS = 5; // sockets << 32 | ports
  private static final int MISSED = 6; // shared << 32 | missed
  private static final int CLOSINGS = 7;
  private static final long PROTOCOL_BIT = 1L << 16;
  private static final int FIRST_CAPACITY = 256;

  // Secret, so that nobody can choose addresses that all meet in one slot.
  private final long seed = Seed.next();
  private final int maxRows;
  private long[] table;
  private int[] index; // hash slot -> row + 1
  private int[] sorted = {}; // of evictions, kept for the next
  private int rows;
  private int keptRows; // the first rows: kept from the last pass, not dropped in this one
  private long untracked;
  private int floor; // no group outside the table has more ports than this

  /** An empty table of at most {@code maxRows} groups. */
  public DestinationTable(int maxRows) {
    this.maxRows = maxRows;
    int capacity = Math.min(FIRST_CAPACITY, maxRows);
    table = new long[capacity * WIDTH];
    index = new int[slots(capacity)];
  }

  /** Starts a new pass. */
  public void begin() {
    keptRows = 0;
    if (floor == 0) {
      rows = 0;
      Arrays.fill(index, 0);
    } else {
      // By what was counted: what may have been missed is the same for the small and the large.
      for (int row = 0; row < rows; row++) {
        table[row * WIDTH + MISSED] = 0;
      }
      keepAbove(1, maxRows / 2);
      for (int row = 0; row < rows; row++) {
        table[row * WIDTH + COUNTS] = 0;
        table[row * WIDTH + CLOSINGS] = 0;
      }
      keptRows = rows;
    }
    untracked = 0;
    floor = 0;
  }

  /** Counts one socket, where nobody asks for the {@link #flow}. */
  public void add(SocketEntry socket, int ports) {
    add(socket, ports, TcpSettings.NONE);
  }

  /** Counts one socket of a group, and as many ports as it takes from the group's headroom. */
  public void add(SocketEntry socket, int ports, TcpSettings settings) {
    int slot = slot(socket, socket.interfaceIndex);
    if (index[slot] == 0) {
      if ((rows + 1) * WIDTH > table.length) {
        makeRoom();
        slot = slot(socket, socket.interfaceIndex);
      }
      int next = rows++ * WIDTH;
      table[next] = socket.localHigh;
      table[next + 1] = socket.localLow;
      table[next + 2] = socket.remoteHigh;
      table[next + 3] = socket.remoteLow;
      table[next + 4] = key4(socket.interfaceIndex, socket.protocol, socket.remotePort);
      table[next + COUNTS] = 0;
      table[next + MISSED] = floor;
      table[next + CLOSINGS] = 0;
      index[slot] = rows;
    }
    int at = (index[slot] - 1) * WIDTH;
    table[at + COUNTS] += (1L << 32) + ports;
    table[at + CLOSINGS] = Closings.with(table[at + CLOSINGS], socket, settings);
  }

  /** Whether the pass has shown a socket of the same group. */
  boolean has(SocketEntry socket) {
    int row = index[slot(socket, socket.interfaceIndex)] - 1;
    return row >= 0 && sockets(row) > 0;
  }

  /** Says that a port of a socket is also held by its group's other half, bound to an interface. */
  void share(SocketEntry socket, int interfaceIndex) {
    int slot = slot(socket, interfaceIndex);
    if (index[slot] != 0) {
      table[(index[slot] - 1) * WIDTH + MISSED] += 1L << 32;
    }
  }

  /** The number of rows; a row kept from an earlier pass may have no sockets in this one. */
  public int rows() {
    return rows;
  }

  /** Whether a row is of a protocol and had sockets in this pass. */
  public boolean isUsed(int row, Protocol protocol) {
    return sockets(row) > 0 && protocol(row) == protocol;
  }

  /** The protocol of a row. */
  Protocol protocol(int row) {
    return (table[row * WIDTH + 4] & PROTOCOL_BIT) == 0 ? Protocol.TCP : Protocol.UDP;
  }

  /** The number of sockets of a row's group. */
  public int sockets(int row) {
    return (int) (table[row * WIDTH + COUNTS] >>> 32);
  }

  /** The number of ports that the sockets of a row take from their group's headroom. */
  public int ports(int row) {
    return (int) table[row * WIDTH + COUNTS];
  }

  /** How many more ports the group may have than were counted: 0 where the count is exact. */
  int missed(int row) {
    return (int) table[row * WIDTH + MISSED];
  }

  /** The most ports that a row's group can lack: what was counted, and missed. */
  public int mostPorts(int row) {
    int at = row * WIDTH;
    int own = mostOwn(row);
    if (interfaceIndex(row) == 0) {
      return own;
    }
    long key4 = table[at + 4] & 0xffff_ffffL;
    int plain = index[find(table[at], table[at + 1], table[at + 2], table[at + 3], key4)] - 1;
    return own + (plain < 0 ? floor : mostOwn(plain)) - (int) (table[at + MISSED] >>> 32);
  }

  /** The most ports that a group can lack, whether it has a row or none. */
  public int mostPorts(Destination group) {
    int row = row(group);
    if (row >= 0) {
      return mostPorts(row);
    }
    return group.interfaceIndex() == 0 ? floor : floor + mostPorts(group.withoutInterface());
  }

  /** The same of its own sockets alone. */
  private int mostOwn(int row) {
    return ports(row) + missed(row);
  }

  /** Whether a row is of a group of IPv4, or of v4-mapped addresses. */
  public boolean isIpv4(int row) {
    return IpAddress.isIpv4(table[row * WIDTH + 2], table[row * WIDTH + 3]);
  }

  private int interfaceIndex(int row) {
    return (int) (table[row * WIDTH + 4] >>> 32);
  }

  /**
   * The rate at which connections of a row's group are closed; of a group that came late to a full
   * table, what was seen.
   *
   * @param headroom of the group
   * @param usable the ports of the pool that are not closed to every connect()
   */
  public Flow flow(int row, TcpSettings settings, Headroom headroom, int usable) {
    return protocol(row) == Protocol.UDP
        ? Flow.UNKNOWN
        : Closings.flow(
            table[row * WIDTH + CLOSINGS],
            destination(row),
            sockets(row),
            settings,
            headroom.free(),
            usable);
  }

  /** The sockets whose group is not in the table: 0 when all groups fitted. */
  public long untracked() {
    return untracked;
  }

  /** The group of a row. */
  public Destination destination(int row) {
    int at = row * WIDTH;
    long key4 = table[at + 4];
    return new Destination(
        protocol(row),
        table[at],
        table[at + 1],
        interfaceIndex(row),
        table[at + 2],
        table[at + 3],
        (int) key4 & 0xffff);
  }

  /** The row of a group, or -1 when it has none. */
  public int row(Destination group) {
    long key4 = key4(group.interfaceIndex(), group.protocol(), group.remotePort());
    int slot =
        find(group.localHigh(), group.localLow(), group.remoteHigh(), group.remoteLow(), key4);
    return index[slot] - 1;
  }

  private static long key4(int interfaceIndex, Protocol protocol, int remotePort) {
    return ((long) interfaceIndex << 32) | (protocol.ordinal() << 16) | remotePort;
  }

  /** The slot of a socket's group, or of the same bound to another interface. */
  private int slot(SocketEntry socket, int interfaceIndex) {
    long key4 = key4(interfaceIndex, socket.protocol, socket.remotePort);
    return find(socket.localHigh, socket.localLow, socket.remoteHigh, socket.remoteLow, key4);
  }

  /** The slot that holds the row of a key, or the free one where it belongs. */
  private int find(long key0, long key1, long key2, long key3, long key4) {
    long[] rowsNow = table;
    int mask = index.length - 1;
    long hash = seed ^ key0;
    hash = (hash ^ (hash >>> 32) ^ key1) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 32) ^ key2) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 32) ^ key3) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 32) ^ key4) * 0x9e3779b97f4a7c15L;
    int slot = (int) (hash >>> 40) & mask;
    while (index[slot] != 0) {
      int at = (index[slot] - 1) * WIDTH;
      if (rowsNow[at + 1] == key1
          && rowsNow[at + 3] == key3
          && rowsNow[at + 4] == key4
          && rowsNow[at] == key0
          && rowsNow[at + 2] == key2) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void makeRoom() {
    if (rows < maxRows) {
      int capacity = Math.min(rows * 2, maxRows);
      table = Arrays.copyOf(table, capacity * WIDTH);
      index = new int[slots(capacity)];
      rebuildIndex();
    } else {
      keepAbove(1, maxRows - Math.max(1, maxRows / 4));
    }
  }

  /** Drops new rows with the fewest ports: those of at most {@code level}, or more to fit. */
  private void keepAbove(int level, int fits) {
    int candidates = rows - keptRows;
    if (sorted.length < candidates) {
      sorted = new int[maxRows];
    }
    for (int i = 0; i < candidates; i++) {
      sorted[i] = mostOwn(keptRows + i);
    }
    Arrays.sort(sorted, 0, candidates);
    int limit = rows > fits ? Math.max(level, sorted[rows - fits - 1]) : level;
    int kept = keptRows;
    for (int row = keptRows; row < rows; row++) {
      int most = mostOwn(row);
      if (most > limit) {
        System.arraycopy(table, row * WIDTH, table, kept++ * WIDTH, WIDTH);
      } else {
        untracked += sockets(row);
        floor = Math.max(floor, most);
      }
    }
    rows = kept;
    rebuildIndex();
  }

  private void rebuildIndex() {
    Arrays.fill(index, 0);
    for (int row = 0; row < rows; row++) {
      int at = row * WIDTH;
      index[find(table[at], table[at + 1], table[at + 2], table[at + 3], table[at + 4])] = row + 1;
    }
  }

  /** Twice the rows at least, so that probing stays short; a power of two for the mask. */
  private static int slots(int capacity) {
    return Integer.highestOneBit(Math.max(2, capacity) * 2 - 1) << 1;
  }
}
