package io.github.portpool.source;

import io.github.portpool.host.Conntrack;
import io.github.portpool.table.DestinationTable;

/** The connection tracking table of one network namespace. Used by one thread at a time. */
public interface ConntrackSource extends AutoCloseable {
  /**
   * How full it is, and how often it failed; costs a few system calls.
   *
   * @throws SourceException when it could not be read
   */
  Conntrack read() throws SourceException;

  /**
   * Fills a table with the connections whose source address is translated, by (NAT address, server,
   * port); costs a dump of all connections.
   *
   * @throws SourceException when it could not be read; what the table then holds is worthless
   */
  void translated(DestinationTable groups) throws SourceException;

  @Override
  void close();
}
