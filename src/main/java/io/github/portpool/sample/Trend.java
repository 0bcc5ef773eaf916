package io.github.portpool.sample;

import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.SocketState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The last hour of the agent's own network namespace, a point for ten seconds or for each sample
 * where those come less often. Thread-safe.
 */
final class Trend {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long POINT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A point and the monotonic time when it began. */
  private record Timed(long nanos, TrendPoint point) {}

  private final ArrayDeque<Timed> points = new ArrayDeque<>();
  private long failedBefore;

  /**
   * Adds a sample.
   *
   * @param nanos a monotonic time
   * @param failedConnects the connect() calls that failed for lack of a port since the agent began
   *     to count
   */
  synchronized void add(Snapshot snapshot, long nanos, long failedConnects) {
    TrendPoint sample = point(snapshot, failedConnects - failedBefore);
    failedBefore = failedConnects;
    Timed last = points.peekLast();
    if (last != null && nanos - last.nanos() < POINT_NANOS) {
      points.removeLast();
      points.addLast(new Timed(last.nanos(), higher(last.point(), sample)));
    } else {
      points.addLast(new Timed(nanos, sample));
    }
    while (nanos - points.getFirst().nanos() >= HOUR_NANOS) {
      points.removeFirst();
    }
  }

  private static TrendPoint point(Snapshot snapshot, long failedConnects) {
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    return new TrendPoint(
        snapshot.time(),
        snapshot.range().capacity(),
        tcp.worst().used(),
        tcp.used(),
        tcp.blocked().total(),
        snapshot.pool(Protocol.UDP).used(),
        tcp.sockets().getOrDefault(SocketState.TIME_WAIT, 0),
        failedConnects);
  }

  private static TrendPoint higher(TrendPoint one, TrendPoint other) {
    return new TrendPoint(
        one.time(),
        other.capacity(),
        Math.max(one.tcpWorstUsed(), other.tcpWorstUsed()),
        Math.max(one.tcpUsed(), other.tcpUsed()),
        Math.max(one.tcpBlocked(), other.tcpBlocked()),
        Math.max(one.udpUsed(), other.udpUsed()),
        Math.max(one.timeWait(), other.timeWait()),
        one.failedConnects() + other.failedConnects());
  }

  /** The points, the oldest first. */
  synchronized List<TrendPoint> points() {
    return points.stream().map(Timed::point).toList();
  }
}
