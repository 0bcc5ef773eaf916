package io.github.portpool.sample;

import io.github.portpool.source.Namespace;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.table.SocketTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Samples the network namespaces besides the agent's own, as far as the budget goes. For one
 * thread.
 *
 * <p>The kernel's tables of sockets are those of the whole host. Where one walk over them brings
 * the sockets of all namespaces, each that has any is sampled each time. Elsewhere looking into an
 * empty namespace costs as much as into a full one. The number of its sockets is cheap, though: one
 * that has too few to fill a tenth of its pool is sampled once, and then only now and then. The
 * others take turns within the budget, the worst most often.
 */
final class WatchedNamespaces {
  private final NamespaceSource source;
  private final Bounds bounds;
  private final SampleErrors errors;
  private final Runnable progress;
  private final WalkBudget idleBudget = WalkBudget.of(WalkBudget.DEFAULT_CORES);
  private final Map<Namespace, WatchedNamespace> watched = new HashMap<>();
  private List<WatchedNamespace> all = List.of();

  /** None yet; {@code progress} runs after each that was sampled. */
  WatchedNamespaces(NamespaceSource source, Bounds bounds, SampleErrors errors, Runnable progress) {
    this.source = source;
    this.bounds = bounds;
    this.errors = errors;
    this.progress = progress;
  }

  /**
   * Samples those that are due.
   *
   * @param nanosLeft the CPU time that is left; what is at hand and one busy namespace are sampled
   *     anyway
   */
  List<NamespaceReport> sample(SocketTable table, LongSupplier nanosLeft) {
    List<WatchedNamespace> far = new ArrayList<>();
    for (WatchedNamespace each : all.subList(0, Math.min(bounds.namespaces(), all.size()))) {
      if (each.isAtHand() && each.hasNews()) {
        sample(each, table);
      } else {
        far.add(each);
      }
    }
    sampleByTurns(far, table, nanosLeft);
    return all.stream().map(WatchedNamespace::report).toList();
  }

  private void sampleByTurns(
      List<WatchedNamespace> due, SocketTable table, LongSupplier nanosLeft) {
    long now = System.nanoTime();
    List<WatchedNamespace> busy =
        due.stream()
            .filter(WatchedNamespace::isBusy)
            .sorted(Comparator.comparingDouble(each -> -each.urgency(now)))
            .toList();
    for (int i = 0; i < busy.size() && (i == 0 || nanosLeft.getAsLong() > 0); i++) {
      sample(busy.get(i), table);
    }
    for (WatchedNamespace each : due) {
      if (each.isNew() && nanosLeft.getAsLong() > 0) {
        sample(each, table);
      }
    }
    idleBudget.run(() ->
        due.stream()
            .filter(each -> !each.isBusy())
            .max(Comparator.comparingDouble(each -> each.age(now)))
            .ifPresent(oldest -> sample(oldest, table)));
  }

  private void sample(WatchedNamespace namespace, SocketTable table) {
    namespace.sample(table);
    progress.run();
  }

  /** The connection tracking tables of the namespaces that are sampled. */
  Stream<ConntrackWatch> conntracks() {
    return watched.values().stream().flatMap(namespace -> namespace.conntrack().stream());
  }

  void close() {
    watched.values().forEach(WatchedNamespace::hide);
  }

  /**
   * Looks which namespaces there are, and shows the worst: before the agent's own is read, so that
   * their sockets may come along.
   */
  void look() {
    Set<Namespace> there = Set.copyOf(source.namespaces());
    watched.forEach((namespace, known) -> {
      if (!there.contains(namespace)) {
        known.hide();
      }
    });
    watched.keySet().retainAll(there);
    there.forEach(namespace -> watched.computeIfAbsent(namespace, WatchedNamespace::new));
    watched.values().forEach(each -> each.count(errors));
    all = new ArrayList<>(watched.values());
    all.sort(
        Comparator.comparingDouble(WatchedNamespace::rank)
            .reversed()
            .thenComparing(WatchedNamespace::name));
    int fit = Math.min(bounds.namespaces(), all.size());
    all.subList(0, fit).forEach(each -> each.show(bounds, errors));
    all.subList(fit, all.size()).forEach(WatchedNamespace::hide);
  }
}
