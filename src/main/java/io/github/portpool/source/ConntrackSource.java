package io.github.portpool.source;

import io.github.portpool.host.Conntrack;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.table.DestinationTable;
import java.util.Map;
import java.util.Optional;

/** The connection tracking table of one network namespace; none, unless a source reads one. */
@FunctionalInterface
public interface ConntrackSource extends HostPart {
  /**
   * How full it is, and how often it failed, where it is read; costs a few system calls.
   *
   * @throws SourceException when it could not be read
   */
  default Optional<Conntrack> read() throws SourceException {
    return Optional.empty();
  }

  /** Whether it may be asked for {@link #translated}. */
  default boolean dumps() {
    return false;
  }

  /**
   * Fills a table with the connections whose source address is translated, by (NAT address, server,
   * port); costs a dump of all connections.
   *
   * @throws SourceException when it could not be read; what the table then holds is worthless
   */
  default void translated(DestinationTable groups) throws SourceException {
    throw new IllegalStateException("opened without dumps");
  }

  /** No table, for a reason: one sentence with the cure. */
  static ConntrackSource none(String reason) {
    return () -> Map.of(Feature.CONNTRACK, reason);
  }
}
