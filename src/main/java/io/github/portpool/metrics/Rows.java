package io.github.portpool.metrics;

import io.github.portpool.sample.ConntrackUsage;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.Labelled;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a metric: the names of its labels, and what finds their values in a report.
 *
 * @param values passes each value on with the values of the labels, in their order
 */
public record Rows(List<String> labels, BiConsumer<AgentReport, Sink> values) {
  private static final String[] NETNS = {"netns"};
  private static final String[] PROTOCOL = {"protocol"};

  /** Takes one row after the other. */
  @FunctionalInterface
  public interface Sink {
    /** Takes a value, and the values of its labels. */
    void row(double value, String... labels);

    /** Takes a count, which is exact up to 2^53, and the values of its labels. */
    default void row(long value, String... labels) {
      row((double) value, labels);
    }

    /** Takes a row for each of some constants, which its label tells. */
    default void rows(Map<? extends Labelled, ? extends Number> values) {
      values.forEach((constant, value) -> row(value.doubleValue(), constant.label()));
    }

    /** A sink for rows that have their first labels in common. */
    default Sink below(String... first) {
      return (value, labels) -> row(value, joined(first, labels));
    }
  }

  /** Finds the rows of one snapshot. */
  @FunctionalInterface
  interface OfSnapshot {
    void add(SampleReport report, Snapshot snapshot, Sink sink);
  }

  /** One value of the agent. */
  static Rows agent(ToDoubleFunction<SampleReport> value) {
    return agent((report, sink) -> sink.row(value.applyAsDouble(report.sample())));
  }

  /** What the agent has by some labels. */
  static Rows agent(BiConsumer<AgentReport, Sink> values, String... labels) {
    return new Rows(List.of(labels), values);
  }

  /** What a part of the report has by some labels, where the part is there. */
  static <T> Rows part(
      Function<SampleReport, @Nullable T> part, BiConsumer<T, Sink> values, String... labels) {
    return agent(
        (report, sink) -> {
          T there = part.apply(report.sample());
          if (there != null) {
            values.accept(there, sink);
          }
        },
        labels);
  }

  /** What each namespace has, sampled or not. */
  static Rows namespaces(BiConsumer<NamespaceReport, Sink> values, String... labels) {
    return agent(
        (report, sink) ->
            report
                .sample()
                .namespaces()
                .forEach(namespace -> values.accept(namespace, sink.below(namespace.netns()))),
        joined(NETNS, labels));
  }

  /** One value of each namespace that was attempted to sample. */
  static Rows attempts(ToDoubleFunction<NamespaceReport> value) {
    return namespaces((namespace, sink) -> {
      if (namespace.attempted()) {
        sink.row(value.applyAsDouble(namespace));
      }
    });
  }

  /** What the connection tracking table of each namespace has. */
  static Rows conntrack(BiConsumer<ConntrackUsage, Sink> values, String... labels) {
    return namespaces(
        (namespace, sink) -> {
          if (namespace.conntrack() != null) {
            values.accept(namespace.conntrack(), sink);
          }
        },
        labels);
  }

  /** What each snapshot has by some labels. */
  static Rows snapshots(OfSnapshot values, String... labels) {
    return agent(
        (report, sink) ->
            report
                .sample()
                .snapshots()
                .forEach(snapshot ->
                    values.add(report.sample(), snapshot, sink.below(snapshot.netns()))),
        joined(NETNS, labels));
  }

  /** One value of each snapshot. */
  static Rows snapshots(ToDoubleFunction<Snapshot> value) {
    return snapshots((report, snapshot, sink) -> sink.row(value.applyAsDouble(snapshot)));
  }

  /** One setting of each namespace that has it. */
  static Rows settings(ToIntFunction<TcpSettings> value) {
    return snapshots((report, snapshot, sink) -> {
      int setting = value.applyAsInt(snapshot.tcp());
      if (setting != TcpSettings.UNKNOWN) {
        sink.row(setting);
      }
    });
  }

  /** What each pool has by some labels. */
  static Rows pools(BiConsumer<PoolUsage, Sink> values, String... labels) {
    return snapshots(
        (report, snapshot, sink) ->
            snapshot
                .pools()
                .forEach((protocol, pool) -> values.accept(pool, sink.below(protocol.label()))),
        joined(PROTOCOL, labels));
  }

  /** One value of each pool. */
  static Rows pools(ToDoubleFunction<PoolUsage> value) {
    return pools((pool, sink) -> sink.row(value.applyAsDouble(pool)));
  }

  private static String[] joined(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
