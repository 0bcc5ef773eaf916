package io.github.portpool.pool;

import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.PortAllocation;
import io.github.portpool.table.PortTable;
import io.github.portpool.table.SocketTable;
import java.util.function.IntFunction;

/** How full the pools are, by the rule of {@link PortAllocation}. */
public final class PoolUsages {
  private PoolUsages() {}

  /**
   * How full one pool is after a pass.
   *
   * @param top chooses the destinations to name, and remembers them for the next pass
   */
  public static PoolUsage of(SocketTable table, Protocol protocol, TopDestinations top) {
    PortTable ports = table.of(protocol);
    int capacity = table.range().capacity();
    BlockedPorts blocked = ports.blocked();
    int closed = blocked.total();
    IntFunction<Headroom> headroom =
        taken -> PortAllocation.headroom(protocol, capacity, closed, taken);
    DestinationTable groups = table.destinations();
    int destinations = 0;
    int most = 0;
    int slow = 0;
    int exhausted = 0;
    for (int row = 0; row < groups.rows(); row++) {
      if (!groups.isUsed(row, protocol)) {
        continue;
      }
      Headroom left = headroom.apply(groups.mostPorts(row));
      destinations++;
      most = Math.max(most, groups.mostPorts(row));
      slow += left.slow() ? 1 : 0;
      exhausted += left.exhausted() ? 1 : 0;
    }
    return new PoolUsage(
        ports.used().size(),
        ports.sockets(),
        blocked,
        capacity - ports.bindClosed().size(),
        destinations,
        headroom.apply(most),
        slow,
        exhausted,
        top.choose(groups, protocol).stream()
            .map(row -> {
              Destination group = groups.destination(row);
              return new DestinationUsage(
                  protocol,
                  group.source(),
                  group.destination(),
                  groups.sockets(row),
                  headroom.apply(groups.mostPorts(row)));
            })
            .toList(),
        ports.unknownBuckets() == 0,
        ports.listeners());
  }
}
