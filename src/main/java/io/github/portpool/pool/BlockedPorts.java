package io.github.portpool.pool;

import io.github.portpool.table.PortSet;
import io.github.portpool.table.PortTable;
import io.github.portpool.table.Protocol;

/**
 * The number of pool ports closed to every {@code connect()}, each port once, by the first reason
 * that applies.
 *
 * @param listening a listener holds the port
 * @param bound a socket holds it that is bound and neither listens nor has a peer
 * @param connected a connected socket holds it that was bound before; UDP: any socket with a peer
 */
public record BlockedPorts(int listening, int bound, int connected) {
  /** The blocked ports of one pass. */
  static BlockedPorts of(PortTable table, Protocol protocol) {
    if (protocol == Protocol.UDP) {
      // One port per socket: whatever holds a port closes it.
      int bound = table.bindClosed().size() - table.bindClosed().minus(table.bound()).size();
      return new BlockedPorts(0, bound, table.bindClosed().size() - bound);
    }
    PortSet listening = table.listening();
    PortSet bound = table.bound().minus(listening);
    PortSet connected = table.connected().minus(listening).minus(bound);
    return new BlockedPorts(listening.size(), bound.size(), connected.size());
  }

  /** All blocked ports. */
  public int total() {
    return listening + bound + connected;
  }
}
