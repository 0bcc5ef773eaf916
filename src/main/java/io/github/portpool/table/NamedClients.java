package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import java.util.Arrays;

/**
 * UDP connections on ports that their programs named, kept until a pass has shown who else is on
 * the port.
 *
 * <p>A server of QUIC or DTLS makes a socket for each client on its own port: what shares a port
 * came in. A client has the port that it named to itself.
 */
final class NamedClients {
  private static final int WIDTH = 5; // addresses, interface << 32 | local port << 16 | remote port
  private static final int FIRST_CAPACITY = 16;

  private final PortSet seen = new PortSet();
  private final PortSet shared = new PortSet();
  private final SocketEntry entry = new SocketEntry();
  private long[] kept = new long[FIRST_CAPACITY * WIDTH]; // one of a port at most
  private int rows;

  /** Starts a new pass. */
  void begin() {
    seen.clear();
    shared.clear();
    rows = 0;
  }

  /** Takes a UDP socket, with a peer or without. */
  void add(SocketEntry socket) {
    int port = socket.localPort;
    if (seen.contains(port)) {
      shared.add(port);
      return;
    }
    seen.add(port);
    if (!socket.state.hasDestination() || socket.intercepted == Fact.YES) {
      return;
    }
    if (rows * WIDTH == kept.length) {
      kept = Arrays.copyOf(kept, kept.length * 2);
    }
    int at = rows++ * WIDTH;
    kept[at] = socket.localHigh;
    kept[at + 1] = socket.localLow;
    kept[at + 2] = socket.remoteHigh;
    kept[at + 3] = socket.remoteLow;
    kept[at + 4] = (long) socket.interfaceIndex << 32 | (long) port << 16 | socket.remotePort;
  }

  /** Ends a pass: counts those that have their port to themselves. */
  void end(DestinationTable groups) {
    entry.protocol = Protocol.UDP;
    for (int at = 0; at < rows * WIDTH; at += WIDTH) {
      if (shared.contains((int) (kept[at + 4] >>> 16) & 0xffff)) {
        continue;
      }
      entry.localHigh = kept[at];
      entry.localLow = kept[at + 1];
      entry.remoteHigh = kept[at + 2];
      entry.remoteLow = kept[at + 3];
      entry.interfaceIndex = (int) (kept[at + 4] >>> 32);
      entry.remotePort = (int) kept[at + 4] & 0xffff;
      groups.add(entry, 1);
    }
  }
}
