package io.github.portpool.pool;

import io.github.portpool.table.IanaRange;
import io.github.portpool.table.PortTable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The listeners of one protocol.
 *
 * @param sockets listening sockets per range of RFC 6335
 * @param ports distinct ports listened on, per range of RFC 6335
 * @param reservedInRange listening sockets inside the live ephemeral range on reserved ports
 * @param unreservedInRange those on ports that a client may be given first
 */
public record ListenerCounts(
    Map<IanaRange, Integer> sockets,
    Map<IanaRange, Integer> ports,
    int reservedInRange,
    int unreservedInRange) {

  /** The listeners of one pass. */
  static ListenerCounts of(PortTable table) {
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
}
