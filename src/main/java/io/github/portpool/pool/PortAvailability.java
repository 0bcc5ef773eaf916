package io.github.portpool.pool;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Labelled;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortTable;
import io.github.portpool.table.SocketTable;
import java.util.Set;

/**
 * Whether {@code connect()} or {@code bind()} to port 0 may be given a port of one protocol now.
 */
public enum PortAvailability implements Labelled {
  /** It lies outside the ephemeral range: only a program that names it gets it. */
  OUTSIDE_RANGE,
  /** It lies in the ephemeral range and is reserved: only a program that names it gets it. */
  RESERVED,
  /** A socket has closed it to every {@code connect()}. */
  CLOSED,
  /** Connections have closed it to every {@code connect()} that outlived who bound it. */
  OUTLIVED,
  /** UDP: a socket that serves IPv6 alone holds it, so clients of IPv4 may be given it. */
  IPV4_ONLY,
  /** Connections hold it: {@code connect()} may be given it toward other destinations. */
  SHARED,
  /** No socket that is seen has closed it, and one that is not seen here may have. */
  UNKNOWN,
  /** Nothing holds it: anybody may be given it. */
  FREE;

  /**
   * The availability of a port after a pass that showed its sockets.
   *
   * @param unseen what the source of the pass could not see
   */
  public static PortAvailability of(
      SocketTable table, Protocol protocol, int port, Set<Feature> unseen) {
    PortAvailability seen = of(table, protocol, port);
    boolean known =
        seen == CLOSED
            || seen == OUTLIVED
            || unseen.stream()
                .noneMatch(feature ->
                    seen.connectable() ? feature.hidesPorts(protocol) : feature.hidesRange());
    return known ? seen : UNKNOWN;
  }

  private static PortAvailability of(SocketTable table, Protocol protocol, int port) {
    EphemeralPorts range = table.range();
    if (!range.contains(port)) {
      return OUTSIDE_RANGE;
    }
    if (!range.allocates(port)) {
      return RESERVED;
    }
    PortTable ports = table.of(protocol);
    if (ports.closed().contains(port)) {
      return ports.isOutlived(port) ? OUTLIVED : CLOSED;
    }
    if (!ports.used().contains(port)) {
      return FREE;
    }
    return protocol == Protocol.UDP ? IPV4_ONLY : SHARED;
  }

  private boolean connectable() {
    return this == IPV4_ONLY || this == SHARED || this == FREE;
  }
}
