package io.github.portpool.lookup;

import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketState;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a socket as a source showed it, whose owner is still a number.
 *
 * @param inode 0 where no process holds it, or the source does not know
 * @param pid 0 where the source does not know
 */
record Sighting(
    String netns,
    Protocol protocol,
    SocketState state,
    Endpoint local,
    @Nullable Endpoint remote,
    boolean v6only,
    int interfaceIndex,
    int timeWaitMillis,
    long inode,
    int uid,
    int pid,
    long controlGroup) {

  static Sighting of(String netns, SocketEntry socket) {
    return new Sighting(
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
        socket.inode,
        socket.uid,
        socket.pid,
        socket.controlGroup);
  }
}
