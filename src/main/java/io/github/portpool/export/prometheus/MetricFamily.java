package io.github.portpool.export.prometheus;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.List;

/**
 * A metric family as a user meets it.
 *
 * @param name the full name, with {@code _total} on counters
 * @param labels the names of its labels, in order
 */
record MetricFamily(MetricType type, String name, String help, List<String> labels) {

  /** What the library wants to know before the first scrape. */
  MetricFamilyDescriptor descriptor() {
    return MetricFamilyDescriptor.of(type, metadata(), labels);
  }

  /** Name and HELP; the library adds the suffix of a counter or an info itself. */
  MetricMetadata metadata() {
    String suffix = type == MetricType.COUNTER ? "_total" : type == MetricType.INFO ? "_info" : "";
    return new MetricMetadata(name.substring(0, name.length() - suffix.length()), help);
  }

  /** The labels of one series. */
  Labels labels(String... values) {
    return Labels.of(labels.toArray(String[]::new), values);
  }
}
