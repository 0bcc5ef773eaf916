package io.github.portpool.export.micrometer;

import io.github.portpool.sample.SampleReport;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the last attempt at a sample left: all meters read the same one.
 *
 * @param rows the values of each family whose rows come and go, by their tags
 */
record PoolSample(SampleReport report, Map<RowFamily, Map<Tags, Double>> rows) {
  static PoolSample of(SampleReport report) {
    Map<RowFamily, Map<Tags, Double>> rows = new EnumMap<>(RowFamily.class);
    for (RowFamily family : RowFamily.values()) {
      rows.put(family, family.rows(report));
    }
    return new PoolSample(report, rows);
  }

  /** The value of a row, or NaN of one that is gone. */
  double value(RowFamily family, Tags tags) {
    return rows.getOrDefault(family, Map.of()).getOrDefault(tags, Double.NaN);
  }
}
