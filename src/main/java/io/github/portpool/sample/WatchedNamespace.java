package io.github.portpool.sample;

import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A network namespace besides the agent's own, from the time when it was first seen. */
final class WatchedNamespace {
  /** Fewer sockets than this share of the pool cannot matter. */
  private static final double BUSY = 0.1;

  /** A namespace that is shown keeps its place against one that is a little fuller. */
  private static final double INCUMBENT = 0.01;

  private final Namespace namespace;
  private Optional<Shown> shown = Optional.empty();
  private long sockets = NamespaceReport.UNKNOWN;
  private long sampledSockets;
  private long sampledNanos;
  private boolean sampled;

  /** The way to the sockets of one that is shown, which stays open between samples. */
  private Optional<SocketSource> open = Optional.empty();

  /** What one that is shown is sampled with. */
  private record Shown(NamespaceSampler sampler, ConntrackWatch conntrack) {}

  WatchedNamespace(Namespace namespace) {
    this.namespace = namespace;
  }

  String name() {
    return namespace.name();
  }

  /** Looks how many sockets it has. */
  void count(SampleErrors errors) {
    try {
      sockets = namespace.sockets();
    } catch (SourceException e) {
      errors.count(e.reason());
    }
  }

  /** How much of the pool its sockets could fill, now or when it was last sampled. */
  double fullness() {
    int capacity =
        shown
            .map(it -> it.sampler().lastGood())
            .map(snapshot -> snapshot.range().capacity())
            .orElseGet(namespace::capacity);
    return (double) Math.max(sockets, sampledSockets) / Math.max(1, capacity);
  }

  /** Whether a sample may show something that matters, or that something no longer does. */
  boolean isBusy() {
    return fullness() >= BUSY;
  }

  /** Whether it is shown and was not sampled yet. */
  boolean isNew() {
    return shown.isPresent() && !sampled;
  }

  /** How much it deserves to be shown. */
  double rank() {
    return shown.isEmpty() ? fullness() : fullness() + INCUMBENT;
  }

  /** How much it deserves the next sample. */
  double urgency(long nanos) {
    return fullness() * age(nanos);
  }

  /** The nanoseconds since the last sample. */
  double age(long nanos) {
    return sampled ? nanos - sampledNanos : Double.MAX_VALUE;
  }

  /** Whether its sockets are here, so that a sample costs next to nothing. */
  boolean isAtHand() {
    return atHand().isPresent();
  }

  /** Whether a sample of what is here shows anything, or that there no longer is. */
  boolean hasNews() {
    int before = shown.map(it -> it.sampler().lastGood()).map(Snapshot::sockets).orElse(1);
    return atHand().orElse(0) > 0 || before > 0;
  }

  private OptionalInt atHand() {
    return open.map(SocketSource::atHand).orElse(OptionalInt.empty());
  }

  /** Starts to show it, with a sampler of its own; its sockets may come along with the agent's. */
  void show(Bounds bounds, SampleErrors errors) {
    if (shown.isEmpty()) {
      Opening<ConntrackSource> conntrack = namespace::openConntrack;
      shown =
          Optional.of(
              new Shown(
                  new NamespaceSampler(namespace.name(), bounds, errors),
                  new ConntrackWatch(conntrack.orElse(ConntrackSource::none), errors)));
    }
    try {
      source();
    } catch (SourceException e) {
      // The next sample fails of it, and is counted.
    }
  }

  private SocketSource source() throws SourceException {
    SocketSource source = open.isPresent() ? open.get() : namespace.open();
    open = Optional.of(source);
    return source;
  }

  private void closeSource() {
    open.ifPresent(SocketSource::close);
    open = Optional.empty();
  }

  /** Shows no more of it than the number of its sockets. */
  void hide() {
    shown.ifPresent(it -> it.conntrack().close());
    shown = Optional.empty();
    closeSource();
    sampled = false;
    sampledSockets = 0;
  }

  /** Takes a sample, by way of a table that anyone may use afterwards. */
  void sample(SocketTable table) {
    shown.ifPresent(it -> sample(it.sampler(), table));
  }

  private void sample(NamespaceSampler sampler, SocketTable table) {
    sampledSockets = sockets;
    sampler.sample(
        into -> {
          try {
            SocketSource source = source();
            source.read(into);
            return sampler.unseen(source);
          } catch (SourceException e) {
            closeSource();
            throw e;
          }
        },
        table);
    sampler.logChange();
    sampled = true;
    sampledNanos = System.nanoTime();
  }

  /** Its connection tracking table, of one that is shown. */
  Optional<ConntrackWatch> conntrack() {
    return shown.map(Shown::conntrack);
  }

  NamespaceReport report() {
    return shown
        .filter(_ -> sampled)
        .map(it -> it.sampler().report(it.conntrack().usage(), sockets))
        .orElseGet(() ->
            new NamespaceReport(
                namespace.name(), null, false, true, "", 0, null, List.of(), sockets));
  }
}
