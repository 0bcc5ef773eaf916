package io.github.portpool.source;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * How often something expensive may be walked over: the costlier a walk was, the longer the next
 * one waits. For one thread.
 */
public final class WalkBudget {
  /** A thousandth of a core. */
  public static final double DEFAULT_CORES = 0.001;

  private final double cores;
  private final LongSupplier nanoTime;
  private boolean walked;
  private long next;

  /**
   * A budget whose first walk may begin at once.
   *
   * @param cores the CPU time that walks may take, of one core
   * @param nanoTime a monotonic clock such as {@code System::nanoTime}
   */
  public WalkBudget(double cores, LongSupplier nanoTime) {
    this.cores = cores;
    this.nanoTime = nanoTime;
  }

  /** Whether the next walk may begin. */
  public boolean mayWalk() {
    return !walked || nanoTime.getAsLong() - next >= 0;
  }

  /** Walks now, on this thread, and accounts for the time that it takes. */
  public void walk(Runnable walk) {
    long start = nanoTime.getAsLong();
    long cpu = cpuNanos();
    try {
      walk.run();
    } finally {
      next = start + (long) ((cpuNanos() - cpu) / cores);
      walked = true;
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
