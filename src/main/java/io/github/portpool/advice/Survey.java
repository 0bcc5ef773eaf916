package io.github.portpool.advice;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.Count;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortHolder;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A short look at network namespaces, each once; at those in trouble twice, to see who it is. */
public final class Survey {
  private final SocketTable table = new SocketTable();
  private final Thresholds thresholds;
  private final List<String> missing = new ArrayList<>();

  /** A look for what is not OK by some thresholds. */
  public Survey(Thresholds thresholds) {
    this.thresholds = thresholds;
  }

  /**
   * Looks at one; of calls that fail it knows nothing.
   *
   * @param elsewhere whether it is another namespace than that of this program
   * @throws SourceException when its sockets could not be read
   */
  public Place look(SocketSource sockets, String netns, boolean elsewhere) throws SourceException {
    Instant time = Instant.now();
    table.holders().rest();
    sockets.read(table);
    Set<Feature> unseen = sockets.unavailable().keySet();
    TopDestinations worst = new TopDestinations(1);
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, unseen, worst);
    Place place = place(netns, elsewhere, time, unseen, tcp, List.of());
    if (place.judgement(thresholds).state() == CheckState.OK) {
      return place;
    }
    table.holders().watch(worst.chosen());
    sockets.read(table);
    tcp = PoolUsages.of(table, Protocol.TCP, unseen, worst);
    return place(netns, elsewhere, time, unseen, tcp, table.holders().holders());
  }

  /** Looks at all namespaces besides one's own; {@link #missing} says which could not be read. */
  public List<Place> others(NamespaceSource namespaces) {
    List<Place> places = new ArrayList<>();
    for (Namespace namespace : namespaces.namespaces()) {
      try (SocketSource sockets = namespace.open()) {
        places.add(look(sockets, namespace.name(), true));
      } catch (SourceException e) {
        missing.add("network namespace " + namespace.name() + ": " + e.message());
      }
    }
    return places;
  }

  /** The namespaces that could not be read and why, one sentence, or empty. */
  public String missing() {
    int more = missing.size() - 1;
    return missing.isEmpty()
        ? ""
        : missing.getFirst() + (more == 0 ? "" : ", and " + Count.of(more, "more"));
  }

  private Place place(
      String netns,
      boolean elsewhere,
      Instant time,
      Set<Feature> unseen,
      PoolUsage tcp,
      List<PortHolder> holders) {
    return new Place(
        netns,
        elsewhere,
        time,
        tcp,
        PoolUsages.of(table, Protocol.UDP, unseen, new TopDestinations(0)),
        table.settings(),
        holders,
        RecentFailures.of(0, 0),
        Optional.empty());
  }

  /** The verdict of some places, with the names of its culprits. */
  public Verdict verdict(List<Place> places, Supplier<OwnerSource> opening) {
    Verdict verdict = Verdict.of(places, thresholds, Owners.NONE);
    if (verdict.culprits().isEmpty()) {
      return verdict;
    }
    try (OwnerSource source = opening.get()) {
      return verdict.withOwners(owners(source, verdict.culprits()));
    }
  }

  static Owners owners(OwnerSource source, List<PortHolder> holders) {
    Map<Long, Integer> sockets = new HashMap<>();
    Map<Long, ControlGroup> groups = new HashMap<>();
    Map<Integer, String> users = new HashMap<>();
    for (PortHolder holder : holders) {
      holder.inodes().forEach(inode -> sockets.put(inode, holder.uid()));
      source
          .controlGroup(holder.controlGroup())
          .ifPresent(group -> groups.put(holder.controlGroup(), group));
      users.computeIfAbsent(holder.uid(), source::user);
    }
    return new Owners(sockets.isEmpty() ? Map.of() : source.processes(sockets), groups, users);
  }
}
