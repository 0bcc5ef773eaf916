package io.github.portpool.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A metric as its users meet it, and where its values come from.
 *
 * @param name as Prometheus has it: the unit last, then the suffix of the kind
 * @param help one sentence that stands alone
 * @param rows the labels, and the values by them
 */
public record MetricFamily(MetricKind kind, String name, String help, Rows rows) {
  private static final Set<String> UNITS =
      Set.of("ports", "sockets", "destinations", "listeners", "namespaces", "processes", "seconds");

  /** Checks that the name says what it should. */
  public MetricFamily {
    List<String> words = Arrays.asList(name.split("_", -1));
    long suffixes = kind == MetricKind.GAUGE ? 0 : 1;
    if (!words.getFirst().equals("portpool")
        || !name.endsWith(kind.suffix())
        || words.stream().limit(words.size() - 1 - suffixes).anyMatch(UNITS::contains)) {
      throw new IllegalArgumentException(name + " does not end with its unit and its kind");
    }
    if (kind != MetricKind.INFO && rows.labels().contains("pid")) {
      throw new IllegalArgumentException(name + " would have new series for each new process");
    }
  }

  /** The name without the suffix of its kind. */
  public String baseName() {
    return name.substring(0, name.length() - kind.suffix().length());
  }

  /** What is counted, for example {@code ports}, or empty for a number without a unit. */
  public String unit() {
    String last = baseName().substring(baseName().lastIndexOf('_') + 1);
    return UNITS.contains(last) ? last : "";
  }

  /** The names of its labels, in order. */
  public List<String> labels() {
    return rows.labels();
  }

  /** The values of one moment by those of the labels, each combination once. */
  public Map<List<String>, Double> values(AgentReport report) {
    Map<List<String>, Double> values = new LinkedHashMap<>();
    rows.values().accept(report, (value, labels) -> values.put(List.of(labels), value));
    return values;
  }
}
