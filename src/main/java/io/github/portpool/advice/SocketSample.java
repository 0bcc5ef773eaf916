package io.github.portpool.advice;

import io.github.portpool.table.SocketEntry;
import java.util.ArrayList;
import java.util.List;

/** How many sockets of a kind there are, and the inode numbers of some, chosen evenly. */
final class SocketSample {
  private static final int MOST_INODES = 32;

  private final List<Long> inodes = new ArrayList<>();
  private int count;
  private int held;

  /** Counts a socket; one without a process has no inode number. */
  void add(SocketEntry socket) {
    add(socket.inode);
  }

  /** Counts a socket by its inode number. */
  void add(long inode) {
    count++;
    if (inode == 0) {
      return;
    }
    held++;
    if (inodes.size() < MOST_INODES) {
      inodes.add(inode);
      return;
    }
    // Reservoir sampling, with a hash for the dice: who has most sockets shall be named first.
    int place = (int) Long.remainderUnsigned((inode * 0x9e3779b97f4a7c15L) >>> 16, held);
    if (place < MOST_INODES) {
      inodes.set(place, inode);
    }
  }

  /** How many. */
  int count() {
    return count;
  }

  /** The inode numbers of some. */
  List<Long> inodes() {
    return List.copyOf(inodes);
  }
}
