package io.github.portpool.lookup;

import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.SocketEntry;
import java.util.List;

/**
 * A copy of a socket as a source showed it, whose owner is still a number.
 *
 * @param socket the socket, without an owner
 * @param inode 0 where no process holds it, or the source does not know
 * @param pid 0 where no process holds it, or an inode number tells; negative where it is not known
 */
record Sighting(FoundSocket socket, long inode, int uid, int pid, long controlGroup) {

  static Sighting of(String netns, boolean elsewhere, SocketEntry socket) {
    FoundSocket found =
        new FoundSocket(
            netns,
            elsewhere,
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
            Holder.UNKNOWN,
            List.of(),
            0,
            null);
    return new Sighting(found, socket.inode, socket.uid, socket.pid, socket.controlGroup);
  }
}
