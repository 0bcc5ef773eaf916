package io.github.portpool.export.micrometer;

import io.github.portpool.metrics.AgentReport;
import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import io.github.portpool.sample.SampleReport;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the last attempt at a sample left: all meters read the same one.
 *
 * @param values the values of all rows
 */
record PoolSample(SampleReport report, Map<Row, Double> values) {
  private static final String NETNS = "netns";

  /**
   * What one meter shows.
   *
   * @param labels the values of the family's labels
   */
  record Row(MetricFamily family, List<String> labels) {
    /** The labels but for the network namespace, which is the application's own. */
    Tags tags() {
      Tags tags = Tags.empty();
      for (int label = 0; label < labels.size(); label++) {
        String name = family.labels().get(label);
        tags = name.equals(NETNS) ? tags : tags.and(name, labels.get(label));
      }
      return tags;
    }
  }

  static PoolSample of(SampleReport report) {
    return new PoolSample(report, values(report));
  }

  /**
   * What there is before the first good sample.
   *
   * @param blank the report of a sample of no sockets: its rows are there, and are not a number
   */
  static PoolSample before(SampleReport report, SampleReport blank) {
    Map<Row, Double> values = values(blank);
    values.replaceAll((row, value) -> Double.NaN);
    values.putAll(values(report));
    return new PoolSample(report, values);
  }

  private static Map<Row, Double> values(SampleReport report) {
    Map<Row, Double> values = new HashMap<>();
    AgentReport all = AgentReport.of(report);
    for (MetricFamily family : MetricTable.IN_APPLICATIONS) {
      family.values(all).forEach((labels, value) -> values.put(new Row(family, labels), value));
    }
    return values;
  }

  /** The value of a row, or NaN of one that is gone. */
  double value(Row row) {
    return values.getOrDefault(row, Double.NaN);
  }
}
