package io.github.portpool.pool;

import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.PortAllocation;
import io.github.portpool.table.PortTable;
import io.github.portpool.table.SocketTable;
import java.util.Set;
import java.util.function.IntFunction;

/** How full the pools are, by the rule of {@link PortAllocation}. */
public final class PoolUsages {
  private PoolUsages() {}

  /**
   * How full one pool is after a pass.
   *
   * @param unseen what the source of the pass could not see
   * @param top chooses the destinations to name, and remembers them for the next pass
   */
  public static PoolUsage of(
      SocketTable table, Protocol protocol, Set<Feature> unseen, TopDestinations top) {
    PortTable ports = table.of(protocol);
    int capacity = table.range().capacity();
    BlockedPorts blocked = ports.blocked();
    int closed = blocked.total();
    int closedToIpv6 = ports.closedToIpv6().size();
    DestinationTable groups = table.destinations();
    IntFunction<Headroom> headroom =
        row ->
            PortAllocation.headroom(
                protocol,
                capacity,
                groups.isIpv4(row) ? closed : closedToIpv6,
                groups.mostPorts(row));
    Headroom worst = PortAllocation.headroom(protocol, capacity, closedToIpv6, 0);
    int destinations = 0;
    int slow = 0;
    int exhausted = 0;
    for (int row = 0; row < groups.rows(); row++) {
      if (!groups.isUsed(row, protocol)) {
        continue;
      }
      Headroom left = headroom.apply(row);
      destinations++;
      worst = left.used() > worst.used() ? left : worst;
      slow += left.slow() ? 1 : 0;
      exhausted += left.exhausted() ? 1 : 0;
    }
    return new PoolUsage(
        ports.used().size(),
        ports.sockets(),
        blocked,
        capacity - ports.used().size(),
        destinations,
        worst,
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
                  headroom.apply(row),
                  flow(table, group, unseen));
            })
            .toList(),
        exact(table, protocol, unseen),
        allSeen(protocol, unseen),
        ports.listeners());
  }

  /**
   * Whether the headroom of a protocol is exact after a pass, and not an upper bound.
   *
   * @param unseen what the source of the pass could not see
   */
  public static boolean exact(SocketTable table, Protocol protocol, Set<Feature> unseen) {
    return allSeen(protocol, unseen) && table.of(protocol).unknownBuckets() == 0;
  }

  /**
   * How fast the connections to one destination are closed, after a pass.
   *
   * @param unseen what the source of the pass could not see
   */
  public static Flow flow(SocketTable table, Destination group, Set<Feature> unseen) {
    return unseen.contains(Feature.TIME_WAIT) ? Flow.UNKNOWN : table.flow(group);
  }

  private static boolean allSeen(Protocol protocol, Set<Feature> unseen) {
    return unseen.stream().noneMatch(feature -> feature.hidesPorts(protocol));
  }
}
