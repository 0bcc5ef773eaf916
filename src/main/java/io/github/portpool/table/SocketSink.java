package io.github.portpool.table;

import io.github.portpool.snapshot.TcpSettings;

/**
 * Receives one pass over all sockets.
 *
 * <p>The order is a promise of every source: {@link #begin}, then listeners, and of each port first
 * the sockets that are known to close it to every {@code connect()} ({@link SocketEntry#bindMade}),
 * then the others, and last those of which it is not known if they came in ({@link
 * SocketEntry#intercepted}). A source that has to start again after an error calls {@link #begin}
 * again; a pass that is whole ends with {@link #end}.
 */
public interface SocketSink {
  /** Starts a pass and forgets what an earlier one left. */
  void begin(EphemeralPorts range, TcpSettings tcp);

  /** Takes one socket; the entry is the source's and changes after the call. */
  void socket(SocketEntry socket);

  /** Ends a pass: all sockets were there. */
  default void end() {}
}
