package io.github.portpool.metrics;

import io.github.portpool.host.Conntrack;
import io.github.portpool.sample.ConntrackUsage;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.Labelled;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a metric: the names of its labels, and what finds their values in a report.
 *
 * @param values passes each value on with the values of the labels, in their order
 */
public record Rows(List<String> labels, BiConsumer<AgentReport, Sink> values) {
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

    /** A sink for rows that have their first label in common. */
    default Sink below(String first) {
      return (value, labels) -> {
        String[] all = new String[1 + labels.length];
        all[0] = first;
        System.arraycopy(labels, 0, all, 1, labels.length);
        row(value, all);
      };
    }
  }

  /** Finds the rows of one snapshot. */
  @FunctionalInterface
  interface OfSnapshot {
    void add(SampleReport report, Snapshot snapshot, Sink sink);
  }

  /** One value of the agent. */
  static Rows agent(ToDoubleFunction<SampleReport> value) {
    return agent(List.of(), (report, sink) -> sink.row(value.applyAsDouble(report.sample())));
  }

  /** What the agent has by some labels. */
  static Rows agent(List<String> labels, BiConsumer<AgentReport, Sink> values) {
    return new Rows(labels, values);
  }

  /** What a part of the report has by some labels, where the part is there. */
  static <T> Rows part(
      Function<SampleReport, @Nullable T> part, List<String> labels, BiConsumer<T, Sink> values) {
    return agent(labels, (report, sink) -> pass(part.apply(report.sample()), values, sink));
  }

  /** One value of a part of the report, where the part is there. */
  static <T> Rows part(Function<SampleReport, @Nullable T> part, ToDoubleFunction<T> value) {
    return part(part, List.of(), (there, sink) -> sink.row(value.applyAsDouble(there)));
  }

  /** What each namespace has, sampled or not. */
  static Rows namespaces(List<String> labels, BiConsumer<NamespaceReport, Sink> values) {
    return agent(
        joined("netns", labels),
        (report, sink) ->
            report
                .sample()
                .namespaces()
                .forEach(namespace -> values.accept(namespace, sink.below(namespace.netns()))));
  }

  /** One value of each namespace that was attempted to sample. */
  static Rows attempts(ToDoubleFunction<NamespaceReport> value) {
    return namespaces(
        List.of(),
        (namespace, sink) -> {
          if (namespace.attempted()) {
            sink.row(value.applyAsDouble(namespace));
          }
        });
  }

  /** What the connection tracking table of each namespace has. */
  static Rows conntrack(List<String> labels, BiConsumer<ConntrackUsage, Sink> values) {
    return namespaces(labels, (namespace, sink) -> pass(namespace.conntrack(), values, sink));
  }

  /** One value of the connection tracking table of each namespace. */
  static Rows conntrack(ToDoubleFunction<Conntrack> value) {
    return conntrack(List.of(), (usage, sink) -> sink.row(value.applyAsDouble(usage.table())));
  }

  /** What each snapshot has by some labels. */
  static Rows snapshots(List<String> labels, OfSnapshot values) {
    return agent(
        joined("netns", labels),
        (report, sink) ->
            report
                .sample()
                .snapshots()
                .forEach(snapshot ->
                    values.add(report.sample(), snapshot, sink.below(snapshot.netns()))));
  }

  /** One value of each snapshot. */
  static Rows snapshots(ToDoubleFunction<Snapshot> value) {
    return snapshots(
        List.of(), (report, snapshot, sink) -> sink.row(value.applyAsDouble(snapshot)));
  }

  /** One setting of each namespace that has it. */
  static Rows settings(ToIntFunction<TcpSettings> value) {
    return snapshots(
        List.of(),
        (report, snapshot, sink) -> {
          int setting = value.applyAsInt(snapshot.tcp());
          if (setting != TcpSettings.UNKNOWN) {
            sink.row(setting);
          }
        });
  }

  /** What each pool has by some labels. */
  static Rows pools(List<String> labels, BiConsumer<PoolUsage, Sink> values) {
    return snapshots(
        joined("protocol", labels),
        (report, snapshot, sink) ->
            snapshot
                .pools()
                .forEach((protocol, pool) -> values.accept(pool, sink.below(protocol.label()))));
  }

  /** One value of each pool. */
  static Rows pools(ToDoubleFunction<PoolUsage> value) {
    return pools(List.of(), (pool, sink) -> sink.row(value.applyAsDouble(pool)));
  }

  private static <T> void pass(@Nullable T part, BiConsumer<T, Sink> values, Sink sink) {
    if (part != null) {
      values.accept(part, sink);
    }
  }

  private static List<String> joined(String first, List<String> more) {
    return Stream.concat(Stream.of(first), more.stream()).toList();
  }
}
