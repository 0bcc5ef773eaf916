package io.github.portpool.linux.netlink;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import org.jspecify.annotations.Nullable;

/** The states of sockets by their numbers, {@code include/net/tcp_states.h}. */
public final class SocketStates {
  public static final int TCP_FIN_WAIT2 = 5;
  public static final int TCP_TIME_WAIT = 6;
  public static final int TCP_CLOSE = 7;
  public static final int TCP_LISTEN = 10;
  public static final int TCP_NEW_SYN_RECV = 12;
  public static final int TCP_BOUND_INACTIVE = 13;

  private static final @Nullable SocketState[] TCP = {
    null,
    SocketState.ESTABLISHED,
    SocketState.SYN_SENT,
    SocketState.SYN_RECV,
    SocketState.FIN_WAIT1,
    SocketState.FIN_WAIT2,
    SocketState.TIME_WAIT,
    SocketState.BOUND, // TCP_CLOSE: asked for as TCP_BOUND_INACTIVE, answered so
    SocketState.CLOSE_WAIT,
    SocketState.LAST_ACK,
    SocketState.LISTEN,
    SocketState.CLOSING,
    SocketState.SYN_RECV, // TCP_NEW_SYN_RECV
    SocketState.BOUND, // TCP_BOUND_INACTIVE
  };

  private static final @Nullable SocketState[] UDP = {
    null, SocketState.ESTABLISHED, null, null, null, null, null, SocketState.UNCONNECTED,
  };

  private SocketStates() {}

  /** The states of a protocol by their numbers, null where it has none of a number. */
  public static @Nullable SocketState[] of(Protocol protocol) {
    return protocol == Protocol.TCP ? TCP : UDP;
  }
}
