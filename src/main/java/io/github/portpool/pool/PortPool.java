package io.github.portpool.pool;

import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.PortTable;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketState;
import io.github.portpool.table.SocketTable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The maths of the ephemeral port pool.
 *
 * <pre>
 * R = live range minus reserved ports
 * B = ports whose bind bucket bind() made: closed to every connect()
 * T = ports of the sockets of one (source, destination, port) group, except reusable TIME_WAIT
 * connect() headroom = | R \ (B u T) |
 * bind(any, 0)       = | R \ { ports with a socket, unless it serves IPv6 alone } |
 * </pre>
 *
 * <p>UDP shares no port between destinations, so there both are the same. Source: {@code
 * __inet_hash_connect()}, {@code inet_csk_find_open_port()} and {@code udp_lib_get_port()}.
 */
public final class PortPool {
  private PortPool() {}

  /**
   * How full one pool is after a pass.
   *
   * @param top chooses the destinations to name, and remembers them for the next pass
   */
  public static PoolUsage usage(SocketTable table, Protocol protocol, TopDestinations top) {
    PortTable ports = table.of(protocol);
    int capacity = table.range().capacity();
    BlockedPorts blocked = BlockedPorts.of(ports, protocol);
    DestinationTable groups = table.destinations();
    int destinations = 0;
    int fullest = 0;
    int slow = 0;
    int exhausted = 0;
    for (int row = 0; row < groups.rows(); row++) {
      if (!groups.isUsed(row, protocol)) {
        continue;
      }
      int own = ownPorts(groups, protocol, row);
      Headroom headroom = Headroom.of(capacity, blocked.total(), own);
      destinations++;
      fullest = Math.max(fullest, own);
      slow += headroom.slow() ? 1 : 0;
      exhausted += headroom.exhausted() ? 1 : 0;
    }
    return new PoolUsage(
        ports.used().size(),
        sockets(ports, protocol),
        blocked,
        capacity - ports.bindClosed().size(),
        destinations,
        Headroom.of(capacity, blocked.total(), fullest),
        slow,
        exhausted,
        top.choose(groups, protocol).stream()
            .map(row ->
                new DestinationUsage(
                    groups.destination(row),
                    groups.sockets(row),
                    Headroom.of(capacity, blocked.total(), ownPorts(groups, protocol, row))))
            .toList(),
        ports.unknownOwners() == 0,
        ListenerCounts.of(ports));
  }

  /** How many more {@code connect()} calls to one destination from one source succeed. */
  public static Headroom headroom(SocketTable table, Destination group) {
    Protocol protocol = group.protocol();
    int blocked = BlockedPorts.of(table.of(protocol), protocol).total();
    int own = protocol == Protocol.UDP ? 0 : table.destinations().mostPorts(group);
    return Headroom.of(table.range().capacity(), blocked, own);
  }

  /**
   * What a group takes beyond the blocked ports, or may take where its row came late to a full
   * table; a UDP port blocks for all groups already.
   */
  private static int ownPorts(DestinationTable groups, Protocol protocol, int row) {
    return protocol == Protocol.UDP ? 0 : groups.mostPorts(row);
  }

  private static Map<SocketState, Integer> sockets(PortTable ports, Protocol protocol) {
    Map<SocketState, Integer> counts = new EnumMap<>(SocketState.class);
    protocol.states().forEach(state -> counts.put(state, ports.sockets(state)));
    return Collections.unmodifiableMap(counts);
  }
}
