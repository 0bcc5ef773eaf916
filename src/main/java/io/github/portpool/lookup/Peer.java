package io.github.portpool.lookup;

import io.github.portpool.table.SocketEntry;

/**
 * An address and port that connections lead to.
 *
 * @param high the first half of the address, as in {@link io.github.portpool.table.IpAddress}
 * @param low the second half
 * @param port 1 to 65535
 */
public record Peer(long high, long low, int port) {
  /** Whether a socket leads there. */
  boolean isOf(SocketEntry socket) {
    return socket.remotePort == port
        && socket.remoteLow == low
        && socket.remoteHigh == high
        && socket.state.hasDestination();
  }
}
