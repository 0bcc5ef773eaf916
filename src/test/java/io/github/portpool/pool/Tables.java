package io.github.portpool.pool;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketTable;
import java.util.Map;

/** Tables made by hand. */
final class Tables {
  /** TIME_WAIT is reusable after a second. */
  static final TcpSettings REUSE = new TcpSettings(1, 1000, 1, 60, 8192);

  private Tables() {}

  /** One pass over some sockets; those that close their port must come first. */
  static SocketTable of(EphemeralPorts range, SocketEntry... sockets) {
    SocketTable table = new SocketTable(1000);
    table.begin(range, REUSE);
    for (SocketEntry socket : sockets) {
      table.socket(socket);
    }
    table.end();
    return table;
  }

  /** A new pass with so many TCP connections to each remote port, in the order of the map. */
  static void fill(SocketTable table, Map<Integer, Integer> connections) {
    table.begin(new EphemeralPorts(1, 65_535, new PortSet()), REUSE);
    connections.forEach((remotePort, count) -> {
      for (int port = 1; port <= count; port++) {
        table.socket(SocketEntries.connection("10.0.0.1", port, "10.0.0.2", remotePort));
      }
    });
  }
}
