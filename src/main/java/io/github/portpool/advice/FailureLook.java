package io.github.portpool.advice;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.SourceException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** A short look at which connect() calls fail, by a source that has just begun to count. */
public final class FailureLook {
  /** A program that is out of ports tries again within a second, mostly. */
  private static final long SHORTEST_NANOS = 1_000_000_000;

  private final FailureSource source;
  private final long begun = System.nanoTime();
  private Optional<ConnectFailures> seen = Optional.empty();
  private String uncounted = "the look has not ended";
  private double seconds;

  /** Begins. */
  public FailureLook(FailureSource source) {
    this.source = source;
  }

  /** Ends, after a second at least where anything is counted. */
  public void end() {
    uncounted = source.unavailable().getOrDefault(Feature.CONNECT_FAILURES, "");
    if (!uncounted.isEmpty()) {
      return;
    }
    rest(begun + SHORTEST_NANOS - System.nanoTime());
    seconds = (System.nanoTime() - begun) / 1e9;
    try {
      seen = source.read();
      uncounted = seen.isEmpty() ? "nothing counts them" : "";
    } catch (SourceException e) {
      uncounted = e.message();
    }
  }

  /**
   * What was seen of one's own network namespace.
   *
   * @param netns its inode number
   * @param firstNamespace whether that is the host's own, which failures of unknown processes are
   *     counted to
   */
  public RecentFailures own(long netns, boolean firstNamespace) {
    return of(each -> each == netns || (firstNamespace && each == 0));
  }

  /** Other network namespaces, with what was seen of each. */
  public List<Place> with(List<Place> others, NamespaceSource names) {
    return others.stream()
        .map(place -> place.with(of(inode -> names.name(inode).equals(place.netns()))))
        .toList();
  }

  /** What was seen of a network namespace, by its inode number; 0 where that is not known. */
  private RecentFailures of(LongPredicate netns) {
    return seen.map(all -> RecentFailures.within(all, netns, seconds))
        .orElseGet(() -> RecentFailures.uncounted(uncounted));
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
