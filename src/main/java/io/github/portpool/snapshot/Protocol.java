package io.github.portpool.snapshot;

import java.util.EnumSet;
import java.util.List;

/** A transport protocol with a port pool of its own. */
public enum Protocol implements Labelled {
  TCP,
  UDP;

  private static final List<SocketState> TCP_STATES =
      List.copyOf(EnumSet.complementOf(EnumSet.of(SocketState.UNCONNECTED)));
  private static final List<SocketState> UDP_STATES =
      List.of(SocketState.ESTABLISHED, SocketState.UNCONNECTED);

  /** The states in which a socket of this protocol can hold a port. */
  public List<SocketState> states() {
    return this == TCP ? TCP_STATES : UDP_STATES;
  }
}
