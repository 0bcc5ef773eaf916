package io.github.portpool.grafana;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The metrics that dashboards and rules ask for, held against those that the agent has. */
class DashboardMetricsTest {
  private static final Path RULES = Path.of("deploy/prometheus/rules");
  private static final Pattern RECORDED = Pattern.compile("record: (\\S+)");
  private static final Pattern NAME = Pattern.compile("(?<![\\w:])(?:\\w+:)?portpool_[\\w:]+");

  /** Metrics that neither dashboards nor rules need, and why. */
  private static final Map<String, String> UNUSED =
      Map.of("portpool_otlp_exports_total", "who pushes to a collector watches that collector");

  @Test
  void dashboardsAskForMetricsThatExist() throws IOException {
    Set<String> asked = names(queries());
    asked.removeAll(exported());
    Assumptions.assumeTrue(Files.isDirectory(RULES), RULES + " is missing");
    asked.removeAll(recorded());
    assertEquals(Set.of(), asked);
  }

  @Test
  void everyMetricIsUsedOrLeftOutOnPurpose() throws IOException {
    Set<String> unused = exported();
    unused.removeAll(names(queries()));
    unused.removeAll(names(rules()));
    assertEquals(UNUSED.keySet(), unused);
  }

  private static String queries() throws IOException {
    return Dashboard.all().stream()
        .flatMap(dashboard -> dashboard.queries().stream())
        .map(Dashboard.Query::expression)
        .collect(Collectors.joining("\n"));
  }

  private static String rules() throws IOException {
    if (!Files.isDirectory(RULES)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(RULES)) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  private static Set<String> recorded() throws IOException {
    return RECORDED
        .matcher(rules())
        .results()
        .map(record -> record.group(1))
        .collect(Collectors.toSet());
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(name -> name.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exported() {
    return MetricTable.FAMILIES.stream()
        .map(MetricFamily::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
