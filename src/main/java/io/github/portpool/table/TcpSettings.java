package io.github.portpool.table;

/**
 * The sysctls that decide how fast TCP ports come back; {@link #UNKNOWN} where the host has no such
 * setting.
 *
 * @param twReuse {@code tcp_tw_reuse}: 0 off, 1 on, 2 on loopback only
 * @param twReuseDelayMillis {@code tcp_tw_reuse_delay}: the age a TIME_WAIT must exceed
 * @param timestamps {@code tcp_timestamps}: 0 off
 * @param finTimeoutSeconds {@code tcp_fin_timeout}
 * @param maxTwBuckets {@code tcp_max_tw_buckets}
 */
public record TcpSettings(
    int twReuse, int twReuseDelayMillis, int timestamps, int finTimeoutSeconds, int maxTwBuckets) {
  /** The value of a setting that the host does not have. */
  public static final int UNKNOWN = -1;

  /** What is known of a system that is not Linux: nothing. */
  public static final TcpSettings NONE =
      new TcpSettings(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

  /** TCP_TIMEWAIT_LEN, {@code include/net/tcp.h}. */
  private static final int TIME_WAIT_MILLIS = 60_000;

  /** LOOPBACK_IFINDEX, {@code include/net/flow.h}. */
  private static final int LOOPBACK_INTERFACE = 1;

  /**
   * Whether {@code connect()} may take over the port of this TIME_WAIT toward the same destination:
   * tcp_twsk_unique(), {@code net/ipv4/tcp_ipv4.c}.
   */
  public boolean reusable(SocketEntry socket) {
    if (socket.state != SocketState.TIME_WAIT || timestamps <= 0 || twReuse <= 0) {
      return false;
    }
    if (twReuse == 2
        && socket.interfaceIndex != LOOPBACK_INTERFACE
        && !IpAddress.isLoopback(socket.localHigh, socket.localLow)
        && !IpAddress.isLoopback(socket.remoteHigh, socket.remoteLow)) {
      return false;
    }
    return TIME_WAIT_MILLIS - socket.expiresMillis > twReuseDelayMillis;
  }
}
