package io.github.portpool.table;

import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.ListenerCounts;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one pass over the sockets of one protocol leaves behind: bitmaps of ports and counts. */
public final class PortTable {
  private final Protocol protocol;
  private final int[] sockets = new int[SocketState.values().length];
  private final int[] listeners = new int[IanaRange.values().length];
  private final int[] listeningPortCounts = new int[listeners.length];
  private final PortSet listeningPorts = new PortSet();
  private final PortSet used = new PortSet();
  private final PortSet closed = new PortSet();
  private final PortSet[] closedBy = // by the reasons' ordinals
      Stream.of(BlockReason.values()).map(_ -> new PortSet()).toArray(PortSet[]::new);
  private int reservedListeners;
  private int unreservedListeners;
  private int unknownBuckets;
  private int[]
      places = {}; // by port, the mark of a place that bind() may have made its bucket for
  private boolean marked;

  PortTable(Protocol protocol) {
    this.protocol = protocol;
  }

  void clear() {
    Arrays.fill(sockets, 0);
    Arrays.fill(listeners, 0);
    Arrays.fill(listeningPortCounts, 0);
    listeningPorts.clear();
    used.clear();
    closed.clear();
    if (marked) {
      Arrays.fill(places, 0);
      marked = false;
    }
    for (PortSet ports : closedBy) {
      ports.clear();
    }
    reservedListeners = 0;
    unreservedListeners = 0;
    unknownBuckets = 0;
  }

  void add(SocketEntry socket, EphemeralPorts range) {
    int port = socket.localPort;
    if (socket.isListener()) {
      addListener(port, range);
    }
    if (!range.allocates(port)) {
      return;
    }
    sockets[socket.state.ordinal()]++;
    used.add(port);
    BlockReason reason = PortAllocation.closes(socket);
    if (reason != null) {
      closed.add(port);
      closedBy[reason.ordinal()].add(port);
      addUnnamed(socket);
    } else if (socket.bindMade == Fact.UNKNOWN) {
      unknownBuckets++;
    }
  }

  /**
   * Who binds to port 0 and then connects shares neither address nor port. So of connections that
   * share both and did not name the port, none made the bucket: {@code bind()} did, for somebody
   * who has gone, be it not from the port.
   */
  private void addUnnamed(SocketEntry socket) {
    int port = socket.localPort;
    if (protocol == Protocol.TCP
        && socket.state.hasDestination()
        && socket.explicitPort == Fact.NO
        && socket.intercepted != Fact.YES) {
      if (!marked) {
        places = places.length == 0 ? new int[PortSet.PORTS] : places;
        marked = true;
      }
      int place =
          Long.hashCode(31 * (31 * socket.localHigh + socket.localLow) + socket.interfaceIndex) | 1;
      if (places[port] == place) {
        closedBy[BlockReason.OUTLIVED.ordinal()].add(port);
      }
      places[port] = place;
    }
  }

  private void addListener(int port, EphemeralPorts range) {
    int iana = IanaRange.of(port).ordinal();
    listeners[iana]++;
    if (!listeningPorts.contains(port)) {
      listeningPortCounts[iana]++;
      listeningPorts.add(port);
    }
    if (range.allocates(port)) {
      unreservedListeners++;
    } else if (range.contains(port)) {
      reservedListeners++;
    }
  }

  /** The number of sockets in each state whose local port is in the pool. */
  public Map<SocketState, Integer> sockets() {
    return counts(SocketState.class, protocol.states(), sockets);
  }

  /** The listeners, in the pool or not. */
  public ListenerCounts listeners() {
    List<IanaRange> ranges = List.of(IanaRange.values());
    return new ListenerCounts(
        counts(IanaRange.class, ranges, listeners),
        counts(IanaRange.class, ranges, listeningPortCounts),
        reservedListeners,
        unreservedListeners);
  }

  private static <E extends Enum<E>> Map<E, Integer> counts(
      Class<E> type, Collection<E> keys, int[] byOrdinal) {
    Map<E, Integer> counts = new EnumMap<>(type);
    keys.forEach(key -> counts.put(key, byOrdinal[key.ordinal()]));
    return Collections.unmodifiableMap(counts);
  }

  /** All ports that are listened on, in the pool or not. */
  public PortSet listeningPorts() {
    return listeningPorts;
  }

  /** The pool ports with at least one socket: those that {@code bind([::], 0)} cannot get. */
  public PortSet used() {
    return used;
  }

  /** The pool ports that are known to be closed to every {@code connect()}, be it of IPv4. */
  public PortSet closed() {
    return closed;
  }

  /** Those that are known to be closed to every {@code connect()} of IPv6. */
  public PortSet closedToIpv6() {
    return protocol == Protocol.UDP ? used : closed;
  }

  /** Those with a socket that closes them for a reason, be it not the first that applies. */
  PortSet closed(BlockReason reason) {
    return closedBy[reason.ordinal()];
  }

  /** Whether a port is closed, and all that hold it have outlived who bound it. */
  public boolean isOutlived(int port) {
    return closed(BlockReason.OUTLIVED).contains(port)
        && !closed(BlockReason.LISTENING).contains(port)
        && !closed(BlockReason.BOUND).contains(port);
  }

  /** The number of ports that are closed, each for the first reason that applies. */
  public BlockedPorts blocked() {
    Map<BlockReason, Integer> counts = new EnumMap<>(BlockReason.class);
    PortSet rest = closed;
    for (BlockReason reason : BlockReason.values()) {
      PortSet others = closed(reason).size() == 0 ? rest : rest.minus(closed(reason));
      counts.put(reason, rest.size() - others.size());
      rest = others;
    }
    return new BlockedPorts(counts);
  }

  /** The number of pool sockets of which the source cannot see whether bind() made their bucket. */
  public int unknownBuckets() {
    return unknownBuckets;
  }
}
