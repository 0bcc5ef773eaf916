package io.github.portpool.lookup;

import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.SocketEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a socket as a source showed it, whose owner is still a number.
 *
 * @param socket the socket, without an owner
 * @param inode 0 where no process holds it, or the source does not know
 * @param pid 0 where no process holds it, or an inode number tells; negative where it is not known
 */
record Sighting(FoundSocket socket, long inode, int uid, int pid, long controlGroup) {

  private static final Endpoint ANYWHERE = new Endpoint("", 0);

  /**
   * What a socket has in common with others of the same owner and state.
   *
   * @param apart what they must have in common besides
   */
  static Sighting alike(String netns, boolean elsewhere, SocketEntry socket, Apart apart) {
    FoundSocket found =
        new FoundSocket(
            netns,
            elsewhere,
            socket.protocol,
            socket.state,
            apart == Apart.LOCAL && !socket.state.hasDestination()
                ? Endpoint.of(socket.localHigh, socket.localLow, socket.localPort)
                : ANYWHERE,
            apart == Apart.REMOTE ? remote(socket) : null,
            false,
            0,
            0,
            "",
            Holder.UNKNOWN,
            List.of(),
            0,
            null);
    return new Sighting(found, 0, socket.uid, socket.pid, socket.controlGroup);
  }

  /** The same of one of these sockets. */
  Sighting withInode(long number) {
    return new Sighting(socket, number, uid, pid, controlGroup);
  }

  private static @Nullable Endpoint remote(SocketEntry socket) {
    return socket.state.hasDestination() && socket.remotePort != 0
        ? Endpoint.of(socket.remoteHigh, socket.remoteLow, socket.remotePort)
        : null;
  }

  static Sighting of(String netns, boolean elsewhere, SocketEntry socket) {
    FoundSocket found =
        new FoundSocket(
            netns,
            elsewhere,
            socket.protocol,
            socket.state,
            Endpoint.of(socket.localHigh, socket.localLow, socket.localPort),
            remote(socket),
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
