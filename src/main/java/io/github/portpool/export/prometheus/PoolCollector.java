package io.github.portpool.export.prometheus;

import io.github.portpool.metrics.AgentReport;
import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders the table of metrics for Prometheus' library.
 *
 * <p>A scrape takes no sample: all its numbers are of one report, which is translated once however
 * often it is scraped. Safe for several threads.
 */
public final class PoolCollector implements MultiCollector {
  private record Rendered(AgentReport report, MetricSnapshots metrics) {}

  private final Supplier<AgentReport> reports;
  private volatile @Nullable Rendered last;

  /** A collector of what {@code reports} gives. */
  public PoolCollector(Supplier<AgentReport> reports) {
    this.reports = reports;
  }

  @Override
  public MetricSnapshots collect() {
    AgentReport report = reports.get();
    Rendered rendered = last;
    if (rendered == null || !rendered.report().isSame(report)) {
      rendered = new Rendered(report, render(report));
      last = rendered;
    }
    return rendered.metrics();
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return MetricTable.FAMILIES.stream()
        .map(family ->
            MetricFamilyDescriptor.of(
                MetricType.valueOf(family.kind().name()), metadata(family), family.labels()))
        .toList();
  }

  private static MetricSnapshots render(AgentReport report) {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    for (MetricFamily family : MetricTable.FAMILIES) {
      Map<List<String>, Double> values = family.values(report);
      if (!values.isEmpty()) {
        snapshots.add(snapshot(family, values));
      }
    }
    return new MetricSnapshots(snapshots);
  }

  private static MetricSnapshot snapshot(MetricFamily family, Map<List<String>, Double> values) {
    MetricMetadata metadata = metadata(family);
    return switch (family.kind()) {
      case GAUGE ->
          new GaugeSnapshot(
              metadata,
              points(
                  family,
                  values,
                  (labels, value) -> new GaugeDataPointSnapshot(value, labels, null)));
      case COUNTER ->
          new CounterSnapshot(
              metadata,
              points(
                  family,
                  values,
                  (labels, value) -> new CounterDataPointSnapshot(value, labels, null, 0L)));
      case INFO ->
          new InfoSnapshot(
              metadata,
              points(family, values, (labels, value) -> new InfoDataPointSnapshot(labels)));
    };
  }

  /** The library adds the suffix of a counter or an info itself. */
  private static MetricMetadata metadata(MetricFamily family) {
    return new MetricMetadata(family.baseName(), family.help());
  }

  private static <T> List<T> points(
      MetricFamily family, Map<List<String>, Double> values, BiFunction<Labels, Double, T> point) {
    List<T> points = new ArrayList<>(values.size());
    values.forEach(
        (labels, value) -> points.add(point.apply(Labels.of(family.labels(), labels), value)));
    return points;
  }
}
