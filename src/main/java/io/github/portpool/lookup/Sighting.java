package io.github.portpool.lookup;

import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.SocketEntry;

/**
 * A copy of a socket as a source showed it, whose owner is still a number.
 *
 * @param socket the socket, without an owner
 * @param inode 0 where no process holds it, or the source does not know
 * @param pid 0 where the source does not know
 */
record Sighting(FoundSocket socket, long inode, int uid, int pid, long controlGroup) {

  static Sighting of(String netns, SocketEntry socket) {
    FoundSocket found =
        new FoundSocket(
            netns,
            socket.protocol,
            socket.state,
            Endpoint.of(socket.localHigh, socket.localLow, socket.localPort),
            socket.state.hasDestination() && socket.remotePort != 0
                ? Endpoint.of(socket.remoteHigh, socket.remoteLow, socket.remotePort)
                : null,
            socket.v6only,
            socket.interfaceIndex,
            socket.state == SocketState.TIME_WAIT ? socket.expiresMillis : 0,
            "",
            null,
            null,
            null);
    return new Sighting(found, socket.inode, socket.uid, socket.pid, socket.controlGroup);
  }
}
