package io.github.portpool.table;

import java.util.Arrays;

/**
 * Finds sockets with the same addresses and ports, one bound to an interface and the other to none.
 *
 * <p>The kernel's table keeps them in one bucket, for its hash leaves the interface out ({@code
 * inet_ehashfn()}), and a pass shows bucket after bucket: so it is enough to remember the last
 * sockets. Twins that a pass shows further apart are not found, and their port counts twice.
 */
final class Twins {
  private static final int WINDOW = 1024; // a power of two, many times what a bucket holds

  private final long seed = Seed.next();
  private final long[] keys = new long[WINDOW]; // of the last sockets, by their number
  private final int[] interfaces = new int[WINDOW];
  private final int[] earlier = new int[WINDOW]; // the number of the one before in the same slot
  private final int[] slots = new int[WINDOW]; // hash slot -> the number of the last one
  private int sockets; // numbered from 1
  private int lastWithInterface;

  /** Starts a new pass. */
  void begin() {
    Arrays.fill(slots, 0);
    sockets = 0;
    lastWithInterface = -WINDOW;
  }

  /** Takes a socket that takes a port from its group, and tells the groups which share it. */
  void add(SocketEntry socket, DestinationTable groups) {
    int bound = socket.interfaceIndex;
    long key = key(socket);
    int slot = (int) (key >>> 32) & (WINDOW - 1);
    int number = ++sockets;
    if (bound != 0) {
      lastWithInterface = number;
    }
    if (number - lastWithInterface < WINDOW) {
      int other = slots[slot];
      while (other != 0 && number - other < WINDOW) {
        int at = other & (WINDOW - 1);
        if (keys[at] == key && (interfaces[at] == 0) != (bound == 0)) {
          groups.share(socket, bound + interfaces[at]);
        }
        other = earlier[at];
      }
    }
    int at = number & (WINDOW - 1);
    keys[at] = key;
    interfaces[at] = bound;
    earlier[at] = slots[slot];
    slots[slot] = number;
  }

  /** A hash of all that twins have in common, so long that no two others meet. */
  private long key(SocketEntry socket) {
    long hash = seed ^ socket.localHigh;
    hash = mix(hash) ^ socket.localLow;
    hash = mix(hash) ^ socket.remoteHigh;
    hash = mix(hash) ^ socket.remoteLow;
    return mix(mix(hash) ^ ((long) socket.localPort << 16 | socket.remotePort));
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
    return mixed ^ (mixed >>> 29);
  }
}
