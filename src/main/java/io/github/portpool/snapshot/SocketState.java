package io.github.portpool.snapshot;

/**
 * The state of a socket that holds a port, by the kernel's names ({@code
 * include/net/tcp_states.h}).
 *
 * <p>The kernel reports two of them as {@code CLOSE}: a TCP socket that is bound and neither
 * listens nor connects ({@link #BOUND}) and a UDP socket without a peer ({@link #UNCONNECTED}).
 */
public enum SocketState implements Labelled {
  ESTABLISHED,
  SYN_SENT,
  SYN_RECV,
  FIN_WAIT1,
  FIN_WAIT2,
  TIME_WAIT,
  CLOSE_WAIT,
  LAST_ACK,
  LISTEN,
  CLOSING,
  BOUND,
  UNCONNECTED;

  /** Whether a socket in this state has a remote address and port. */
  public boolean hasDestination() {
    return this != LISTEN && this != BOUND && this != UNCONNECTED;
  }
}
