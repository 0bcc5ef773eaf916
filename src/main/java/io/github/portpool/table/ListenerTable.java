package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import java.util.Arrays;

/**
 * The listeners inside the ephemeral range in one pass, in bounded memory: each protocol, port and
 * inode once, ordered by them.
 *
 * <p>Rows are dense, 0 to {@link #rows}; not safe for several threads.
 */
public final class ListenerTable {
  /** The most rows that a table of sockets uses. */
  public static final int MAX_ROWS = 1000;

  private static final int FIRST_CAPACITY = 16;

  private final int maxRows;
  private long[] keys; // protocol << 48 | port << 32 | inode, which has 32 bits
  private long[] groups;
  private int[] uids;
  private int rows;
  private int untracked;

  /** An empty table of at most {@code maxRows} rows. */
  ListenerTable(int maxRows) {
    this.maxRows = maxRows;
    int capacity = Math.min(FIRST_CAPACITY, maxRows);
    keys = new long[capacity];
    groups = new long[capacity];
    uids = new int[capacity];
  }

  /** Starts a new pass. */
  void begin() {
    rows = 0;
    untracked = 0;
  }

  /** Takes one listener. */
  void add(SocketEntry socket) {
    long key =
        ((long) socket.protocol.ordinal() << 48)
            | ((long) socket.localPort << 32)
            | (socket.inode & 0xffff_ffffL);
    int found = Arrays.binarySearch(keys, 0, rows, key);
    if (found >= 0) {
      return;
    }
    if (rows == maxRows) {
      untracked++;
      return;
    }
    if (rows == keys.length) {
      grow();
    }
    int row = -found - 1;
    System.arraycopy(keys, row, keys, row + 1, rows - row);
    System.arraycopy(groups, row, groups, row + 1, rows - row);
    System.arraycopy(uids, row, uids, row + 1, rows - row);
    keys[row] = key;
    groups[row] = socket.controlGroup;
    uids[row] = socket.uid;
    rows++;
  }

  private void grow() {
    int capacity = Math.min(rows * 2, maxRows);
    keys = Arrays.copyOf(keys, capacity);
    groups = Arrays.copyOf(groups, capacity);
    uids = Arrays.copyOf(uids, capacity);
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /** The protocol of a row. */
  public Protocol protocol(int row) {
    return keys[row] >>> 48 == 0 ? Protocol.TCP : Protocol.UDP;
  }

  /** The port of a row. */
  public int port(int row) {
    return (int) (keys[row] >>> 32) & 0xffff;
  }

  /** The inode number of a row's socket, or 0 where the source does not know it. */
  public long inode(int row) {
    return keys[row] & 0xffff_ffffL;
  }

  /** The user id of a row's socket. */
  public int uid(int row) {
    return uids[row];
  }

  /** The id of the control group that made a row's socket, or 0. */
  public long controlGroup(int row) {
    return groups[row];
  }

  /** The listeners that did not fit. */
  public int untracked() {
    return untracked;
  }
}
