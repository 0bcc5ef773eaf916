package io.github.portpool.sample;

import io.github.portpool.advice.Owners;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Since;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.advice.Verdict;
import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.table.PortHolder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param failing the name of the namespace whose calls they are, most of them
 * @param since when the state of each namespace began, by its name
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
    String failing,
    Map<String, Since> since,
    Map<NamedCulprit, Long> culprits,
    double cpuSecondsTotal,
    double intervalSeconds,
    Map<String, Long> errors) {

  /** Whether a feature is available. */
  public boolean available(Feature feature) {
    return !unavailable.containsKey(feature);
  }

  /** The worst of all network namespaces that have a good snapshot; empty before the first. */
  public Optional<Verdict> verdict() {
    List<Place> places = places();
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(Verdict.of(places, Thresholds.USUAL, owners.owners()));
  }

  /** All network namespaces that have a good snapshot, the agent's own first. */
  public List<Place> places() {
    return namespaces().flatMap(each -> place(each).stream()).toList();
  }

  /** One of the network namespaces, empty before its first good snapshot. */
  public Optional<Place> place(NamespaceReport namespace) {
    return Optional.ofNullable(namespace.lastGood())
        .map(snapshot ->
            Place.of(
                snapshot,
                !namespace.netns().equals(host.netns()),
                namespace.holders(),
                namespace.netns().equals(failing) ? recentFailures : RecentFailures.of(0, 0),
                Optional.ofNullable(since.get(namespace.netns()))));
  }

  /** The worst destinations of all network namespaces, the worst first. */
  public Stream<TightDestination> destinations() {
    return namespaces()
        .flatMap(SampleReport::destinations)
        .sorted(Comparator.comparingDouble(TightDestination::share).reversed());
  }

  /** The worst destinations of one network namespace, the worst of each protocol first. */
  public static Stream<TightDestination> destinations(NamespaceReport namespace) {
    return Stream.ofNullable(namespace.lastGood())
        .flatMap(snapshot ->
            snapshot.pools().values().stream()
                .flatMap(pool -> pool.top().stream())
                .map(usage -> new TightDestination(snapshot, usage, holders(namespace, usage))));
  }

  private static List<PortHolder> holders(NamespaceReport namespace, DestinationUsage usage) {
    return usage.headroom().slow()
        ? namespace.holders().stream().filter(holder -> holder.isToward(usage)).toList()
        : List.of();
  }

  /** The other network namespaces, the worst first. */
  public List<NamespaceReport> othersByState() {
    return others.stream().sorted(Comparator.comparingDouble(this::share).reversed()).toList();
  }

  private double share(NamespaceReport namespace) {
    return place(namespace)
        .map(place -> place.judgement(Thresholds.USUAL).worst().share())
        .orElse(-1.0);
  }

  /** All network namespaces, the agent's own first. */
  public Stream<NamespaceReport> namespaces() {
    return Stream.concat(Stream.of(host), others.stream());
  }

  /** The last good snapshots of all that have one, in the same order. */
  public Stream<Snapshot> snapshots() {
    return namespaces().flatMap(each -> Stream.ofNullable(each.lastGood()));
  }

  /** The names of all holders. */
  public Owners holderNames() {
    return owners.owners();
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
