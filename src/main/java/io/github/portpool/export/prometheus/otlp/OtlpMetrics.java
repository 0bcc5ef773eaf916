package io.github.portpool.export.prometheus.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.List;
import java.util.function.Function;

/**
 * Puts metrics in OpenTelemetry's data model, so that a Prometheus that takes them stores the names
 * of {@code /metrics}: a counter comes without its {@code _total}, which the receiver adds, and the
 * other names are whole.
 *
 * <p>Source: Prometheus and OpenMetrics Compatibility, a specification of OpenTelemetry.
 */
final class OtlpMetrics {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("portpool");

  /** A metric; its parts have the names of the interface's methods. */
  private record Metric(
      Resource getResource,
      InstrumentationScopeInfo getInstrumentationScopeInfo,
      String getName,
      String getDescription,
      String getUnit,
      MetricDataType getType,
      Data<?> getData)
      implements MetricData {}

  private final Resource resource;
  private final long start;
  private final long now;

  /**
   * Metrics of one moment.
   *
   * @param start when the counters were 0, in nanoseconds since 1970
   * @param now the moment, in the same unit
   */
  OtlpMetrics(Resource resource, long start, long now) {
    this.resource = resource;
    this.start = start;
    this.now = now;
  }

  List<MetricData> of(MetricSnapshots snapshots) {
    return snapshots.stream().map(this::metric).toList();
  }

  private MetricData metric(MetricSnapshot metric) {
    return switch (metric) {
      case GaugeSnapshot gauge ->
          gauge(
              gauge,
              "",
              points(gauge.getDataPoints(), each -> point(each.getLabels(), each.getValue())));
      case InfoSnapshot info ->
          gauge(info, "_info", points(info.getDataPoints(), each -> point(each.getLabels(), 1)));
      case CounterSnapshot counter ->
          metric(
              counter,
              "",
              MetricDataType.DOUBLE_SUM,
              SumData.createDoubleSumData(
                  true,
                  AggregationTemporality.CUMULATIVE,
                  points(
                      counter.getDataPoints(), each -> point(each.getLabels(), each.getValue()))));
      case SummarySnapshot summary ->
          metric(
              summary,
              "",
              MetricDataType.SUMMARY,
              SummaryData.create(points(summary.getDataPoints(), this::summary)));
      default ->
          throw new IllegalArgumentException(
              "no way to push a metric of the kind " + metric.getClass().getSimpleName());
    };
  }

  private MetricData gauge(MetricSnapshot metric, String suffix, List<DoublePointData> points) {
    return metric(
        metric, suffix, MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points));
  }

  private MetricData metric(
      MetricSnapshot metric, String suffix, MetricDataType type, Data<?> data) {
    String name = metric.getMetadata().getName() + suffix;
    return new Metric(resource, SCOPE, name, help(metric), unit(metric), type, data);
  }

  private static <T extends DataPointSnapshot, P> List<P> points(
      List<T> points, Function<T, P> translation) {
    return points.stream().map(translation).toList();
  }

  private DoublePointData point(Labels labels, double value) {
    return DoublePointData.create(start, now, attributes(labels), value, List.of());
  }

  private SummaryPointData summary(SummarySnapshot.SummaryDataPointSnapshot point) {
    return SummaryPointData.create(
        start, now, attributes(point.getLabels()), point.getCount(), point.getSum(), List.of());
  }

  private static Attributes attributes(Labels labels) {
    AttributesBuilder attributes = Attributes.builder();
    for (Label label : labels) {
      attributes.put(label.getName(), label.getValue());
    }
    return attributes.build();
  }

  private static String help(MetricSnapshot metric) {
    String help = metric.getMetadata().getHelp();
    return help == null ? "" : help;
  }

  /** The unit that the name ends with, as UCUM writes it. */
  private static String unit(MetricSnapshot metric) {
    String name = metric.getMetadata().getName();
    return name.endsWith("_seconds") ? "s" : name.endsWith("_bytes") ? "By" : "";
  }
}
