package io.github.portpool.source.sockdiag;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketSink;
import java.util.OptionalInt;
import java.util.Set;

/** A way to the sockets of a network namespace that shows more of them than sock_diag does. */
public interface TcpTables extends AutoCloseable {
  /**
   * Passes on all sockets without a peer, and those with one on ports of a range, of TCP and mostly
   * of UDP; {@code begin} is the caller's.
   *
   * @return the protocols whose sockets those were
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  Set<Protocol> read(EphemeralPorts wanted, SocketSink sink) throws SourceException;

  /** How many sockets the pass over another namespace brought along; empty where it did not. */
  default OptionalInt atHand() {
    return OptionalInt.empty();
  }

  @Override
  void close();
}
