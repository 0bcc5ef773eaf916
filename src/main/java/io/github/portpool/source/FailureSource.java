package io.github.portpool.source;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.snapshot.Feature;
import java.util.Map;
import java.util.Optional;

/**
 * A counter of connect() calls that failed for lack of a port (EADDRNOTAVAIL); none, unless a
 * source counts them.
 */
@FunctionalInterface
public interface FailureSource extends HostPart {
  /**
   * The counts as they are now, where there are any; they never fall.
   *
   * @throws SourceException when a counter could not be read; the counts go on
   */
  default Optional<ConnectFailures> read() throws SourceException {
    return Optional.empty();
  }

  /** No counter, for a reason: one sentence with the cure. */
  static FailureSource none(String reason) {
    return () -> Map.of(Feature.CONNECT_FAILURES, reason);
  }
}
