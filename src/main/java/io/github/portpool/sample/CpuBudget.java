package io.github.portpool.sample;

/**
 * The share of one core that sampling may take: after an expensive sample the next one waits
 * longer.
 *
 * @param cores the share, 0.01 for one per cent of one core
 */
public record CpuBudget(double cores) {
  /** A share above 0. */
  public CpuBudget {
    if (!(cores > 0)) {
      throw new IllegalArgumentException("a CPU budget must be above 0");
    }
  }

  /** The time from the start of a sample that took {@code cpuNanos} to the start of the next. */
  public long intervalNanos(long wantedNanos, long cpuNanos) {
    return Math.max(wantedNanos, (long) (cpuNanos / cores));
  }

  /** The CPU time that samples may take within a time. */
  public long nanos(long wantedNanos) {
    return (long) (wantedNanos * cores);
  }
}
