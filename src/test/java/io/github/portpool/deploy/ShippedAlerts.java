package io.github.portpool.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files under deploy/prometheus and grafana/provisioning, and what is in them. */
public final class ShippedAlerts {
  static final Path PROMETHEUS = Path.of("deploy/prometheus");
  static final Path GRAFANA = Path.of("grafana/provisioning");
  static final Path RUNBOOK = Path.of("grafana/runbook.md");

  private ShippedAlerts() {}

  /** The table of thresholds by the names of the alerts. */
  public static Map<String, Yaml> thresholds() throws Exception {
    return Yaml.read(PROMETHEUS.resolve("thresholds.yaml")).get("alerts").map();
  }

  /** The alert rules of Prometheus by name. */
  static Map<String, Yaml> prometheusAlerts() throws Exception {
    return byName(rules(PROMETHEUS.resolve("rules/portpool-alerts.yml")), "alert");
  }

  /** The recording rules. */
  public static List<Yaml> recordingRules() throws Exception {
    return rules(PROMETHEUS.resolve("rules/portpool-recording.yml"));
  }

  /** The alert rules of Grafana by title. */
  static Map<String, Yaml> grafanaAlerts() throws Exception {
    return byName(rules(GRAFANA.resolve("alerting/portpool-rules.yml")), "title");
  }

  /** The unit tests of the rules by file. */
  static Map<Path, Yaml> ruleTests() throws Exception {
    Map<Path, Yaml> tests = new LinkedHashMap<>();
    for (Path file : files(PROMETHEUS.resolve("tests"))) {
      tests.put(file, Yaml.read(file));
    }
    return tests;
  }

  /** What there is some of: a loop over nothing would hold whatever it asserts. */
  private static <T> List<T> some(List<T> all) {
    if (all.isEmpty()) {
      throw new AssertionError("nothing is shipped");
    }
    return all;
  }

  /** All files below a directory, sorted. */
  static List<Path> files(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return some(files.filter(Files::isRegularFile).sorted().toList());
    }
  }

  private static List<Yaml> rules(Path file) throws Exception {
    List<Yaml> rules =
        Yaml.read(file).get("groups").list().stream()
            .flatMap(group -> group.get("rules").list().stream())
            .toList();
    return some(rules);
  }

  private static Map<String, Yaml> byName(List<Yaml> rules, String key) {
    Map<String, Yaml> named = new LinkedHashMap<>();
    for (Yaml rule : rules) {
      if (named.put(rule.text(key), rule) != null) {
        throw new AssertionError("two rules are called " + rule.text(key));
      }
    }
    return named;
  }
}
