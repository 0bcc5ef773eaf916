package io.github.portpool.pool;

import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.table.ListenerTable;
import io.github.portpool.table.SocketTable;
import java.util.List;
import java.util.stream.IntStream;

/** The listeners inside the ephemeral range. */
public final class PoolListeners {
  private PoolListeners() {}

  /**
   * The listeners of one pass, ordered by protocol and port; which of them last, it cannot tell.
   */
  public static List<PoolListener> of(SocketTable table) {
    ListenerTable listeners = table.listeners();
    return IntStream.range(0, listeners.rows())
        .mapToObj(row ->
            new PoolListener(
                listeners.protocol(row),
                listeners.port(row),
                !table.range().allocates(listeners.port(row)),
                false,
                listeners.inode(row),
                listeners.uid(row),
                listeners.controlGroup(row)))
        .toList();
  }
}
