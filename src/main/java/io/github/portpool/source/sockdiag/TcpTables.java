package io.github.portpool.source.sockdiag;

import io.github.portpool.source.SourceException;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketSink;

/** A way to the TCP sockets of a network namespace that shows more of them than sock_diag does. */
public interface TcpTables extends AutoCloseable {
  /**
   * Passes on all sockets without a peer, and those with one on ports of a range; {@code begin} is
   * the caller's.
   *
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  void read(EphemeralPorts wanted, SocketSink sink) throws SourceException;

  @Override
  void close();
}
