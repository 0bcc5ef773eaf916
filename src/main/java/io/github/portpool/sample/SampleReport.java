package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How sampling goes: the last good snapshots, and what came of the last attempts.
 *
 * @param source the name of the source
 * @param unavailable what cannot be seen here, each with the reason and the cure
 * @param host the agent's own network namespace
 * @param others the other network namespaces, where they are read
 * @param owners the names of those who own sockets in all of them
 * @param search what the search for the others left out, null where there was none
 * @param failures the connect() calls of the whole host that failed for lack of a port, null where
 *     they are not counted
 * @param recentFailures those of the last minutes
 * @param culprits how often whose connect() failed, by names
 * @param cpuSecondsTotal the CPU time of all attempts
 * @param intervalSeconds the time from the start of the last attempt to the next
 * @param errors the failed attempts by reason; every reason is there
 */
public record SampleReport(
    String source,
    Map<Feature, String> unavailable,
    NamespaceReport host,
    List<NamespaceReport> others,
    OwnerNames owners,
    @Nullable NamespaceSearch search,
    @Nullable ConnectFailures failures,
    RecentFailures recentFailures,
    Map<NamedCulprit, Long> culprits,
    double cpuSecondsTotal,
    double intervalSeconds,
    Map<String, Long> errors) {

  /** Whether a feature is available. */
  public boolean available(Feature feature) {
    return !unavailable.containsKey(feature);
  }

  /** All network namespaces, the agent's own first. */
  public Stream<NamespaceReport> namespaces() {
    return Stream.concat(Stream.of(host), others.stream());
  }

  /** The last good snapshots of all that have one, in the same order. */
  public Stream<Snapshot> snapshots() {
    return namespaces().flatMap(each -> Stream.ofNullable(each.lastGood()));
  }

  /** The last good snapshot of the agent's own namespace, null before the first. */
  public @Nullable Snapshot lastGood() {
    return host.lastGood();
  }

  /** Whether the last attempt at the agent's own namespace was good. */
  public boolean success() {
    return host.success();
  }

  /** What the last attempt at the agent's own namespace failed with, empty when it was good. */
  public String message() {
    return host.message();
  }
}
