package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct pool ports of each protocol and control group in one pass, in bounded memory.
 *
 * <p>A row's ports are exact. Id 0, sockets of which the kernel does not know the group, has rows
 * that are always there. When the other groups do not fit, those come first that are met first, and
 * in the next pass the larger half of them keeps its rows; {@link #untracked} counts the sockets of
 * the rest.
 *
 * <p>Rows are dense, 0 to {@link #rows}; a row takes 8 KiB once it is needed. Not safe for several
 * threads.
 */
public final class OwnerTable {
  /** The most rows that a table of sockets uses: 4 MiB. */
  static final int MAX_ROWS = 512;

  /** The rows of id 0, one for each protocol by its ordinal. */
  private static final int RESERVED = Protocol.values().length;

  // Secret, so that nobody can make control groups that all meet in one slot.
  private final long seed = Seed.next();
  private final long[] groups;
  private final Protocol[] protocols;
  private final int[] sockets;
  private final @Nullable PortSet[] ports; // each made when its row is first needed
  private final int[] index; // hash slot -> row + 1
  private int rows = RESERVED;
  private int lastRow;
  private long untracked;

  /** An empty table of at most {@code maxRows} rows, 3 at least. */
  OwnerTable(int maxRows) {
    groups = new long[maxRows];
    protocols = new Protocol[maxRows];
    System.arraycopy(Protocol.values(), 0, protocols, 0, RESERVED);
    sockets = new int[maxRows];
    ports = new PortSet[maxRows];
    // Twice the rows at least, so that probing stays short; a power of two for the mask.
    index = new int[Integer.highestOneBit(maxRows * 2 - 1) << 1];
    begin();
  }

  /** Starts a new pass. */
  void begin() {
    int kept = untracked == 0 ? RESERVED : moveLargerHalfForward();
    for (int row = 0; row < rows; row++) {
      if (sockets[row] > 0) {
        sockets[row] = 0;
        ports[row].clear();
      }
    }
    rows = kept;
    lastRow = 0;
    untracked = 0;
    Arrays.fill(index, 0);
    for (int row = 0; row < rows; row++) {
      index[slot(protocols[row], groups[row])] = row + 1;
    }
  }

  /** Takes one socket on a pool port. */
  void add(SocketEntry socket) {
    int row = lastRow;
    if (groups[row] != socket.controlGroup || protocols[row] != socket.protocol) {
      row = rowFor(socket.protocol, socket.controlGroup);
      if (row < 0) {
        untracked++;
        return;
      }
      lastRow = row;
    }
    sockets[row]++;
    portsOf(row).add(socket.localPort);
  }

  /** The number of rows; a row that is kept may have no sockets in this pass. */
  public int rows() {
    return rows;
  }

  /** Whether a row is of a protocol and had sockets in this pass. */
  public boolean isUsed(int row, Protocol protocol) {
    return sockets[row] > 0 && protocols[row] == protocol;
  }

  /** The id of a row's control group, or 0 where the kernel does not know it. */
  public long controlGroup(int row) {
    return groups[row];
  }

  /** The number of distinct pool ports that a row's sockets hold. */
  public int ports(int row) {
    return sockets[row] == 0 ? 0 : ports[row].size();
  }

  /** The row of a control group, or -1 when it has none. */
  public int row(Protocol protocol, long controlGroup) {
    return index[slot(protocol, controlGroup)] - 1;
  }

  /** The sockets on pool ports whose group is not in the table: 0 when all groups fitted. */
  public long untracked() {
    return untracked;
  }

  /** The row of a control group, a new one if need be, or -1 when the table is full. */
  private int rowFor(Protocol protocol, long controlGroup) {
    int slot = slot(protocol, controlGroup);
    if (index[slot] == 0) {
      if (rows == groups.length) {
        return -1;
      }
      groups[rows] = controlGroup;
      protocols[rows] = protocol;
      index[slot] = ++rows;
    }
    return index[slot] - 1;
  }

  private PortSet portsOf(int row) {
    if (ports[row] == null) {
      ports[row] = new PortSet();
    }
    return ports[row];
  }

  /** The slot that holds the row of a key, or the free one where it belongs. */
  private int slot(Protocol protocol, long controlGroup) {
    int mask = index.length - 1;
    long hash = (seed ^ controlGroup) + protocol.ordinal();
    hash = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
    int slot = (int) (hash >>> 40) & mask;
    while (index[slot] != 0) {
      int row = index[slot] - 1;
      if (groups[row] == controlGroup && protocols[row] == protocol) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Moves the larger groups to the front and returns how many rows they and id 0 take. */
  private int moveLargerHalfForward() {
    int[] sizes = new int[rows];
    Arrays.setAll(sizes, this::ports);
    int[] sorted = Arrays.copyOfRange(sizes, RESERVED, rows);
    Arrays.sort(sorted);
    int median = sorted[sorted.length / 2];
    int kept = RESERVED;
    for (int row = RESERVED; row < rows; row++) {
      if (sizes[row] > median) {
        swap(row, kept++);
      }
    }
    return kept;
  }

  private void swap(int a, int b) {
    long group = groups[a];
    groups[a] = groups[b];
    groups[b] = group;
    Protocol protocol = protocols[a];
    protocols[a] = protocols[b];
    protocols[b] = protocol;
    PortSet set = ports[a];
    ports[a] = ports[b];
    ports[b] = set;
    int count = sockets[a];
    sockets[a] = sockets[b];
    sockets[b] = count;
  }
}
