package io.github.portpool.pool;

import io.github.portpool.table.ListenerTable;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketTable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A listener inside the live range.
 *
 * @param reserved whether its port is reserved, so that no client is given it first
 * @param inode the inode number of the socket, or 0 where the source does not know it
 * @param uid the user id of the socket
 * @param controlGroup the id of the control group that made the socket, or 0
 */
public record PoolListener(
    Protocol protocol, int port, boolean reserved, long inode, int uid, long controlGroup) {

  /** The listeners of one pass, ordered by protocol and port. */
  public static List<PoolListener> listOf(SocketTable table) {
    ListenerTable listeners = table.listeners();
    return IntStream.range(0, listeners.rows())
        .mapToObj(row ->
            new PoolListener(
                listeners.protocol(row),
                listeners.port(row),
                !table.range().allocates(listeners.port(row)),
                listeners.inode(row),
                listeners.uid(row),
                listeners.controlGroup(row)))
        .toList();
  }
}
