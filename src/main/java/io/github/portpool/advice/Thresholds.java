package io.github.portpool.advice;

import io.github.portpool.snapshot.Headroom;

/**
 * From which share of used ports on a pool is a warning, and critical; reaching it is enough.
 *
 * @param warning percent, above 0 and at most {@code critical}
 * @param critical percent, at most 100, so that a pool without a free port is always critical
 */
public record Thresholds(double warning, double critical) {
  /** Those of whoever names none. */
  public static final Thresholds USUAL = new Thresholds(80, 95);

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException when they are not such percentages; the message says how
   */
  public Thresholds {
    if (!(warning > 0 && critical <= 100)) {
      throw new IllegalArgumentException("thresholds must be above 0% and at most 100%");
    }
    if (warning > critical) {
      throw new IllegalArgumentException("--critical must not be below --warning");
    }
  }

  /** The state of a pool. */
  public CheckState state(Headroom headroom) {
    int capacity = headroom.capacity();
    return headroom.used() > mostBelow(critical, capacity)
        ? CheckState.CRITICAL
        : headroom.used() > mostBelow(warning, capacity) ? CheckState.WARNING : CheckState.OK;
  }

  /** The most used ports of a pool that are no warning yet. */
  public int mostWithoutWarning(int capacity) {
    return mostBelow(warning, capacity);
  }

  /** The most used ports of a pool that are not critical yet. */
  public int mostUncritical(int capacity) {
    return mostBelow(critical, capacity);
  }

  private static int mostBelow(double percent, int capacity) {
    return (int) Math.ceil(percent * capacity / 100) - 1;
  }
}
