package io.github.portpool.snapshot;

/**
 * The sysctls that decide how fast TCP ports come back; {@link #UNKNOWN} where the host has no such
 * setting.
 *
 * @param twReuse {@code tcp_tw_reuse}: 0 off, 1 on, 2 on loopback only
 * @param twReuseDelayMillis {@code tcp_tw_reuse_delay}: the age a TIME_WAIT must exceed; before
 *     Linux 6.14, which has no such setting, that is one tick of the kernel's clock of seconds
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
}
