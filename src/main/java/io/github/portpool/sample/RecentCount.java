package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How much the counters of failed connect() calls have grown within the last minutes. */
final class RecentCount {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(RecentFailures.WINDOW_SECONDS);
  private static final ConnectFailures NONE = new ConnectFailures(0, 0, 0, 0, Map.of());

  private record Reading(long nanos, ConnectFailures failures) {}

  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  /** Counters that begin at 0 now, a monotonic time. */
  RecentCount(long nanos) {
    readings.add(new Reading(nanos, NONE));
  }

  /** Takes a reading, and says how much came since the oldest that is no older than the window. */
  RecentFailures add(long nanos, ConnectFailures failures) {
    readings.addLast(new Reading(nanos, failures));
    while (readings.size() > 2 && nanos - readings.getFirst().nanos() > WINDOW_NANOS) {
      readings.removeFirst();
    }
    Reading oldest = readings.getFirst();
    return RecentFailures.between(oldest.failures(), failures, (nanos - oldest.nanos()) / 1e9);
  }
}
