package io.github.portpool.pool;

import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.ListenerCounts;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.PortTable;
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
public final class PoolMaths {
  private PoolMaths() {}

  /**
   * How full one pool is after a pass.
   *
   * @param top chooses the destinations to name, and remembers them for the next pass
   */
  public static PoolUsage usage(SocketTable table, Protocol protocol, TopDestinations top) {
    PortTable ports = table.of(protocol);
    int capacity = table.range().capacity();
    BlockedPorts blocked = blocked(ports, protocol);
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
      Headroom headroom = headroom(capacity, blocked.total(), own);
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
        headroom(capacity, blocked.total(), fullest),
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
                  headroom(capacity, blocked.total(), ownPorts(groups, protocol, row)));
            })
            .toList(),
        ports.unknownOwners() == 0,
        listeners(ports));
  }

  /** How many more {@code connect()} calls to one destination from one source succeed. */
  public static Headroom headroom(SocketTable table, Destination group) {
    Protocol protocol = group.protocol();
    int blocked = blocked(table.of(protocol), protocol).total();
    int own = protocol == Protocol.UDP ? 0 : table.destinations().mostPorts(group);
    return headroom(table.range().capacity(), blocked, own);
  }

  /**
   * What a group takes beyond the blocked ports, or may take where its row came late to a full
   * table; a UDP port blocks for all groups already.
   */
  private static int ownPorts(DestinationTable groups, Protocol protocol, int row) {
    return protocol == Protocol.UDP ? 0 : groups.mostPorts(row);
  }

  /** The headroom of a group whose sockets take {@code own} ports of a pool. */
  private static Headroom headroom(int capacity, int blocked, int own) {
    int used = Math.min(capacity, blocked + own);
    return new Headroom(used, capacity - used);
  }

  private static BlockedPorts blocked(PortTable table, Protocol protocol) {
    if (protocol == Protocol.UDP) {
      // One port per socket: whatever holds a port closes it.
      int bound = table.bindClosed().size() - table.bindClosed().minus(table.bound()).size();
      return new BlockedPorts(0, bound, table.bindClosed().size() - bound);
    }
    PortSet listening = table.listening();
    PortSet bound = table.bound().minus(listening);
    PortSet connected = table.connected().minus(listening).minus(bound);
    return new BlockedPorts(listening.size(), bound.size(), connected.size());
  }

  private static ListenerCounts listeners(PortTable table) {
    Map<IanaRange, Integer> sockets = new EnumMap<>(IanaRange.class);
    Map<IanaRange, Integer> ports = new EnumMap<>(IanaRange.class);
    for (IanaRange range : IanaRange.values()) {
      sockets.put(range, table.listeners(range));
      ports.put(range, table.listeningPorts().size(range.first(), range.last()));
    }
    return new ListenerCounts(
        Collections.unmodifiableMap(sockets),
        Collections.unmodifiableMap(ports),
        table.reservedListeners(),
        table.unreservedListeners());
  }

  private static Map<SocketState, Integer> sockets(PortTable ports, Protocol protocol) {
    Map<SocketState, Integer> counts = new EnumMap<>(SocketState.class);
    protocol.states().forEach(state -> counts.put(state, ports.sockets(state)));
    return Collections.unmodifiableMap(counts);
  }
}
