package io.github.portpool.table;

import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;

/**
 * What the TIME_WAIT sockets of a group tell of the rate at which its connections are closed, in
 * one long: how many there are, how many are young, how many hold a port that nobody may take over
 * yet, and whether any may be taken over at all. A group has no more sockets than there are ports.
 *
 * <p>A port comes back when its TIME_WAIT may be taken over or, where it may not, is over. Those
 * that are younger have all still to be there, and their number is the rate.
 */
final class Closings {
  /** Younger ones tell the rate where a port is held for a minute: that of now, not an average. */
  private static final int LATELY_MILLIS = 10_000;

  private static final int BITS = 20;
  private static final long MASK = (1L << BITS) - 1;
  private static final long ONE = 1;
  private static final long LATELY = 1L << BITS;
  private static final long HELD = 1L << (2 * BITS);
  private static final long REUSABLE = 1L << (3 * BITS);

  private Closings() {}

  /** The same and one socket. */
  static long with(long closings, SocketEntry socket, TcpSettings settings) {
    if (socket.state != SocketState.TIME_WAIT) {
      return closings;
    }
    int age = SocketEntry.TIME_WAIT_MILLIS - socket.expiresMillis;
    boolean reusable = PortAllocation.mayBeReused(socket, settings);
    boolean free = reusable && PortAllocation.hasRested(socket, settings);
    return (closings + ONE + (age < LATELY_MILLIS ? LATELY : 0) + (free ? 0 : HELD))
        | (reusable ? REUSABLE : 0);
  }

  /**
   * The rates that they tell.
   *
   * @param sockets all of the group, the others too, which hold their ports as long as they please
   * @param free the headroom of the group now
   * @param usable the ports of the pool that are not closed to every connect()
   */
  static Flow flow(
      long closings, Destination group, int sockets, TcpSettings settings, int free, int usable) {
    long timeWait = closings & MASK;
    long lately = (closings / LATELY) & MASK;
    long held = (closings / HELD) & MASK;
    boolean reuse =
        (closings & REUSABLE) != 0 || (lately == 0 && PortAllocation.mayReuse(group, settings));
    double seconds =
        Math.max(
            0.001,
            (reuse ? PortAllocation.reuseDelayMillis(settings) : SocketEntry.TIME_WAIT_MILLIS)
                / 1e3);
    double closed = reuse ? held / seconds : lately * 1e3 / LATELY_MILLIS;
    double sustained = Math.max(0, usable - (sockets - timeWait)) / seconds;
    double left = closed > sustained ? free / (closed - sustained) : Double.POSITIVE_INFINITY;
    return new Flow(closed, sustained, left);
  }
}
