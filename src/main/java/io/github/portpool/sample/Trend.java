package io.github.portpool.sample;

import io.github.portpool.pool.PoolUsage;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The last hour of the agent's own network namespace, a point for ten seconds. Thread-safe. */
final class Trend {
  private static final int POINTS = 360;
  private static final long POINT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ArrayDeque<TrendPoint> points = new ArrayDeque<>(POINTS);
  private long pointBegan;
  private long refusedBefore;

  /**
   * Adds a sample.
   *
   * @param nanos a monotonic time
   * @param refused the connect() calls that were refused since the agent began to count
   */
  synchronized void add(Snapshot snapshot, long nanos, long refused) {
    TrendPoint sample = point(snapshot, refused - refusedBefore);
    refusedBefore = refused;
    TrendPoint last = points.peekLast();
    if (last != null && nanos - pointBegan < POINT_NANOS) {
      points.removeLast();
      points.addLast(higher(last, sample));
      return;
    }
    if (points.size() == POINTS) {
      points.removeFirst();
    }
    points.addLast(sample);
    pointBegan = nanos;
  }

  private static TrendPoint point(Snapshot snapshot, long refused) {
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    return new TrendPoint(
        snapshot.time(),
        snapshot.range().capacity(),
        tcp.worst().used(),
        tcp.used(),
        tcp.blocked().total(),
        snapshot.pool(Protocol.UDP).used(),
        tcp.sockets().getOrDefault(SocketState.TIME_WAIT, 0),
        refused);
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
        one.refused() + other.refused());
  }

  /** The points, the oldest first. */
  synchronized List<TrendPoint> points() {
    return new ArrayList<>(points);
  }
}
