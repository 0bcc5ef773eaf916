package io.github.portpool.metrics;

import java.util.Map;

/** How many pushes got through and how many did not. Thread-safe. */
public final class ExportCounts {
  private static final String SUCCESS = "success";
  private static final String FAILURE = "failure";

  private volatile Map<String, Long> byOutcome = Map.of();

  /** Says that pushes begin: both counts are 0. */
  public void begin() {
    byOutcome = Map.of(SUCCESS, 0L, FAILURE, 0L);
  }

  /** Counts one push. */
  public synchronized void count(boolean success) {
    long successes = byOutcome.getOrDefault(SUCCESS, 0L);
    long failures = byOutcome.getOrDefault(FAILURE, 0L);
    byOutcome =
        Map.of(SUCCESS, successes + (success ? 1 : 0), FAILURE, failures + (success ? 0 : 1));
  }

  /** The counts by outcome; empty before the beginning. */
  public Map<String, Long> byOutcome() {
    return byOutcome;
  }
}
