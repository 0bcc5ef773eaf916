package io.github.portpool.table;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How many sockets of a kind there are, and the inode numbers of some, chosen evenly: pass after
 * pass the same ones, as long as they are there.
 */
public final class SocketSample {
  private static final int MOST_INODES = 32;

  /** Odd, so that no two inode numbers have the same product. */
  private static final long DICE = 0x9e3779b97f4a7c15L;

  private final long[] inodes = new long[MOST_INODES]; // by their dice, from the lowest
  private int count;
  private int held;

  /** Counts a socket; one without a process has no inode number. */
  public void add(SocketEntry socket) {
    add(socket.inode);
  }

  /** Counts a socket by its inode number, which is 0 where it has no process. */
  public void add(long inode) {
    count++;
    if (inode == 0 || (held == MOST_INODES && dice(inode) >= dice(inodes[held - 1]))) {
      return;
    }
    int at = held < MOST_INODES ? held++ : MOST_INODES - 1;
    for (; at > 0 && dice(inodes[at - 1]) > dice(inode); at--) {
      inodes[at] = inodes[at - 1];
    }
    inodes[at] = inode;
  }

  private static long dice(long inode) {
    return (inode * DICE) >>> 1;
  }

  /** How many. */
  public int count() {
    return count;
  }

  /** The inode numbers of some. */
  public List<Long> inodes() {
    return LongStream.of(Arrays.copyOf(inodes, held)).boxed().toList();
  }
}
