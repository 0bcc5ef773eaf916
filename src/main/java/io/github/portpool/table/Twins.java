package io.github.portpool.table;

import java.util.Arrays;

/**
 * Finds sockets with the same addresses and ports, one bound to an interface and the other to none.
 *
 * <p>The kernel's table keeps them in one bucket, for its hash leaves the interface out ({@code
 * inet_ehashfn()}), and a pass shows bucket after bucket: so it is enough to remember the last
 * sockets. Twins that a pass shows further apart are not found, and their port counts twice.
 *
 * <p>Until a pass shows the first socket that is bound to an interface, a number of each is all
 * that is kept; from then on those of the same hash slot are linked, the last one first.
 */
final class Twins {
  private static final int WINDOW = 1024; // a power of two, many times what a bucket holds
  private static final int MASK = WINDOW - 1;

  // Secret factors, so that no two sockets that are no twins have the same key.
  private final long[] factors = {Seed.next(), Seed.next(), Seed.next(), Seed.next(), Seed.next()};
  private final long[] keys = new long[WINDOW]; // of the last sockets, which are numbered from 1
  private final int[] interfaces = new int[WINDOW];
  private final int[] earlier = new int[WINDOW]; // the one before in the same slot
  private final int[] slots = new int[WINDOW]; // hash slot -> the last one
  private int sockets;
  private boolean linked;

  /** Starts a new pass. */
  void begin() {
    sockets = 0;
    linked = false;
  }

  /** Takes a socket that takes a port from its group, and tells the groups which share it. */
  void add(SocketEntry socket, DestinationTable groups) {
    int bound = socket.interfaceIndex;
    int number = ++sockets;
    long key = key(socket);
    keys[number & MASK] = key;
    if (!linked && bound == 0) {
      return;
    }
    if (!linked) {
      linked = true;
      Arrays.fill(slots, 0);
      for (int before = Math.max(1, number - MASK); before < number; before++) {
        link(before, 0);
      }
    }
    for (int other = slots[slot(key)];
        other > Math.max(0, number - WINDOW);
        other = earlier[other & MASK]) {
      int at = other & MASK;
      if (keys[at] == key && (interfaces[at] == 0) != (bound == 0)) {
        groups.share(socket, bound + interfaces[at]);
      }
    }
    link(number, bound);
  }

  private void link(int number, int bound) {
    int at = number & MASK;
    int slot = slot(keys[at]);
    interfaces[at] = bound;
    earlier[at] = slots[slot];
    slots[slot] = number;
  }

  private static int slot(long key) {
    return (int) (key >>> 40) & MASK;
  }

  /** A hash of all that twins have in common. */
  private long key(SocketEntry socket) {
    long[] by = factors;
    return socket.localHigh * by[0]
        + socket.localLow * by[1]
        + socket.remoteHigh * by[2]
        + socket.remoteLow * by[3]
        + ((long) socket.localPort << 16 | socket.remotePort) * by[4];
  }
}
