package io.github.portpool.advice;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.SourceException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A short look at which connect() calls fail, by a source that has just begun to count. */
public final class FailureLook {
  /** A program that is out of ports tries again within a second, mostly. */
  private static final long SHORTEST_NANOS = 1_000_000_000;

  private final FailureSource source;
  private final long begun = System.nanoTime();

  /** Begins. */
  public FailureLook(FailureSource source) {
    this.source = source;
  }

  /**
   * Ends, after a second at least where anything is counted.
   *
   * @param netns the inode number of the network namespace that it is about
   * @param firstNamespace whether that is the host's own, which failures of unknown processes are
   *     counted to
   */
  public RecentFailures end(long netns, boolean firstNamespace) {
    String reason = source.unavailable().getOrDefault(Feature.CONNECT_FAILURES, "");
    if (!reason.isEmpty()) {
      return RecentFailures.uncounted(reason);
    }
    rest(begun + SHORTEST_NANOS - System.nanoTime());
    double seconds = (System.nanoTime() - begun) / 1e9;
    try {
      Optional<ConnectFailures> all = source.read();
      return all.map(it -> RecentFailures.within(it, netns, firstNamespace, seconds))
          .orElseGet(() -> RecentFailures.uncounted("nothing counts them"));
    } catch (SourceException e) {
      return RecentFailures.uncounted(e.message());
    }
  }

  /** Waits for a time, or not at all when it is interrupted. */
  static void rest(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !Thread.currentThread().isInterrupted(); ) {
      LockSupport.parkNanos(left);
      left = end - System.nanoTime();
    }
  }
}
