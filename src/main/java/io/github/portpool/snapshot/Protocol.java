package io.github.portpool.snapshot;

import java.util.List;

/** A transport protocol with a port pool of its own. */
public enum Protocol implements Labelled {
  TCP,
  UDP;

  private static final List<SocketState> TCP_STATES =
      List.of(
          SocketState.ESTABLISHED,
          SocketState.SYN_SENT,
          SocketState.SYN_RECV,
          SocketState.FIN_WAIT1,
          SocketState.FIN_WAIT2,
          SocketState.TIME_WAIT,
          SocketState.CLOSE_WAIT,
          SocketState.LAST_ACK,
          SocketState.LISTEN,
          SocketState.CLOSING,
          SocketState.BOUND);
  private static final List<SocketState> UDP_STATES =
      List.of(SocketState.ESTABLISHED, SocketState.UNCONNECTED);

  /** The states in which a socket of this protocol can hold a port. */
  public List<SocketState> states() {
    return this == TCP ? TCP_STATES : UDP_STATES;
  }
}
