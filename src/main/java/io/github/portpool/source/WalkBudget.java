package io.github.portpool.source;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * The CPU time that expensive walks may take: after one that took t the next begins no earlier than
 * t / cores later. Used by one thread at a time.
 */
public final class WalkBudget {
  /** A thousandth of a core, which a host will not notice. */
  public static final double DEFAULT_CORES = 0.001;

  private static final double MOST_NANOS = 1e18; // far from what overflows a clock

  private final double cores;
  private final LongSupplier clock;
  private final LongSupplier cpu;
  private long restedAt;
  private boolean resting;

  /**
   * A budget of a share of one core, such as 0.001.
   *
   * @param clock a monotonic time in nanoseconds
   * @param cpu the CPU time of the calling thread in nanoseconds
   */
  public WalkBudget(double cores, LongSupplier clock, LongSupplier cpu) {
    this.cores = cores;
    this.clock = clock;
    this.cpu = cpu;
  }

  /** A budget by the clocks of this machine. */
  public static WalkBudget of(double cores) {
    return new WalkBudget(
        cores, System::nanoTime, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
  }

  /** A budget that is never used up. */
  public static WalkBudget unlimited() {
    return new WalkBudget(1, System::nanoTime, () -> 0);
  }

  /** Walks, unless the last walk was too recent for its cost. */
  public void run(Runnable walk) {
    if (resting && clock.getAsLong() - restedAt < 0) {
      return;
    }
    long before = cpu.getAsLong();
    try {
      walk.run();
    } finally {
      double rest = Math.min(MOST_NANOS, (cpu.getAsLong() - before) / cores);
      restedAt = clock.getAsLong() + (long) rest;
      resting = true;
    }
  }
}
