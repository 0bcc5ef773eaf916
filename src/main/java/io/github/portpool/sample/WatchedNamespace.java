package io.github.portpool.sample;

import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketTable;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** A network namespace besides the agent's own, from the time when it was first seen. */
final class WatchedNamespace {
  private static final System.Logger LOG = System.getLogger(WatchedNamespace.class.getName());

  /** Fewer sockets than this share of the pool cannot matter. */
  private static final double BUSY = 0.1;

  /** A namespace that is shown keeps its place against one that is a little fuller. */
  private static final double INCUMBENT = 0.01;

  private final Namespace namespace;
  private @Nullable NamespaceSampler sampler; // of one that is shown
  private @Nullable ConntrackWatch conntrack; // of one that is shown and tracks connections
  private long sockets = NamespaceReport.UNKNOWN;
  private long sampledSockets;
  private long sampledNanos;
  private boolean sampled;

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
    Snapshot snapshot = sampler == null ? null : sampler.lastGood();
    int capacity = snapshot == null ? namespace.capacity() : snapshot.range().capacity();
    return (double) Math.max(sockets, sampledSockets) / Math.max(1, capacity);
  }

  /** Whether a sample may show something that matters, or that something no longer does. */
  boolean isBusy() {
    return fullness() >= BUSY;
  }

  /** Whether it is shown and was not sampled yet. */
  boolean isNew() {
    return sampler != null && !sampled;
  }

  /** How much it deserves to be shown. */
  double rank() {
    return sampler == null ? fullness() : fullness() + INCUMBENT;
  }

  /** How much it deserves the next sample. */
  double urgency(long nanos) {
    return fullness() * age(nanos);
  }

  /** The nanoseconds since the last sample. */
  double age(long nanos) {
    return sampled ? nanos - sampledNanos : Double.MAX_VALUE;
  }

  /** Starts to show it, with a sampler of its own. */
  void show(Bounds bounds, SampleErrors errors) {
    if (sampler == null) {
      sampler = new NamespaceSampler(namespace.name(), bounds, errors);
      try {
        conntrack = new ConntrackWatch(namespace.openConntrack(), errors);
      } catch (SourceException e) {
        LOG.log(Level.DEBUG, "netns {0}: {1}", namespace.name(), e.sentence());
      }
    }
  }

  /** Shows no more of it than the number of its sockets. */
  void hide() {
    if (conntrack != null) {
      conntrack.close();
      conntrack = null;
    }
    sampler = null;
    sampled = false;
    sampledSockets = 0;
  }

  /** Takes a sample, by way of a table that anyone may use afterwards. */
  void sample(SocketTable table) {
    if (sampler == null) {
      return;
    }
    sampledSockets = sockets;
    sampler.sample(
        into -> {
          try (SocketSource source = namespace.open()) {
            source.read(into);
            return source.unavailable();
          }
        },
        table);
    sampler.logChange();
    sampled = true;
    sampledNanos = System.nanoTime();
  }

  /** Its connection tracking table, or null. */
  @Nullable ConntrackWatch conntrack() {
    return conntrack;
  }

  NamespaceReport report() {
    return sampler != null && sampled
        ? sampler.report(conntrack == null ? null : conntrack.usage(), sockets)
        : new NamespaceReport(namespace.name(), null, false, true, "", 0, null, sockets);
  }
}
