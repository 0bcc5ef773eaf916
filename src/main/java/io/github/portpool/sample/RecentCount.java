package io.github.portpool.sample;

import io.github.portpool.host.RecentFailures;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** How much a counter has grown within the last minutes. */
final class RecentCount {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(RecentFailures.WINDOW_SECONDS);

  private record Reading(long nanos, long count) {}

  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  /** A counter that begins at 0 now, a monotonic time. */
  RecentCount(long nanos) {
    readings.add(new Reading(nanos, 0));
  }

  /** Takes a reading, and says how much came since the oldest that is no older than the window. */
  RecentFailures add(long nanos, long count) {
    readings.addLast(new Reading(nanos, count));
    while (readings.size() > 2 && nanos - readings.getFirst().nanos() > WINDOW_NANOS) {
      readings.removeFirst();
    }
    Reading oldest = readings.getFirst();
    return RecentFailures.of(count - oldest.count(), (nanos - oldest.nanos()) / 1e9);
  }
}
