package io.github.portpool.export.prometheus;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Collects the series of one moment and makes the library's immutable snapshots of them. */
final class Exposition {
  private record Series(double value, Labels labels) {}

  private final Map<MetricFamily, List<Series>> families = new LinkedHashMap<>();

  /** Adds one series, with values for the family's labels in their order. */
  void add(MetricFamily family, double value, String... labelValues) {
    families
        .computeIfAbsent(family, absent -> new ArrayList<>())
        .add(new Series(value, family.labels(labelValues)));
  }

  MetricSnapshots metrics() {
    List<MetricSnapshot> snapshots = new ArrayList<>(families.size());
    families.forEach((family, series) -> snapshots.add(snapshot(family, series)));
    return new MetricSnapshots(snapshots);
  }

  private static MetricSnapshot snapshot(MetricFamily family, List<Series> series) {
    return switch (family.type()) {
      case GAUGE ->
          new GaugeSnapshot(
              family.metadata(),
              points(
                  series, each -> new GaugeDataPointSnapshot(each.value(), each.labels(), null)));
      case COUNTER ->
          new CounterSnapshot(
              family.metadata(),
              points(
                  series,
                  each -> new CounterDataPointSnapshot(each.value(), each.labels(), null, 0L)));
      case INFO ->
          new InfoSnapshot(
              family.metadata(), points(series, each -> new InfoDataPointSnapshot(each.labels())));
      default -> throw new IllegalStateException("no metric is of type " + family.type());
    };
  }

  private static <T extends DataPointSnapshot> List<T> points(
      List<Series> series, Function<Series, T> point) {
    return series.stream().map(point).toList();
  }
}
