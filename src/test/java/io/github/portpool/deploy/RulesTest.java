package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What promtool(1) says of the rules, and that each alert is tested both ways. */
class RulesTest {
  @Test
  @MostlyWaits
  void promtoolAcceptsTheRules() throws Exception {
    String output =
        Promtool.run(
            ShippedAlerts.PROMETHEUS,
            "check",
            "rules",
            "--lint=all",
            "--lint-fatal",
            "rules/portpool-recording.yml",
            "rules/portpool-alerts.yml");
    assertTrue(output.contains("SUCCESS: 15 rules found"), output);
  }

  @Test
  @MostlyWaits
  void theRulesFireAndStaySilentAsTheirTestsSay() throws Exception {
    for (Path file : ShippedAlerts.ruleTests().keySet()) {
      String name = file.getFileName().toString();
      Promtool.run(file.getParent(), "test", "rules", name);
    }
  }

  @Test
  void eachAlertHasACaseThatFiresAndOneThatDoesNot() throws Exception {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (Map.Entry<Path, Yaml> file : ShippedAlerts.ruleTests().entrySet()) {
      for (Yaml test : file.getValue().get("tests").list()) {
        if (!test.map().containsKey("alert_rule_test")) {
          continue;
        }
        boolean fires = false;
        String alert = "";
        for (Yaml moment : test.get("alert_rule_test").list()) {
          alert = moment.text("alertname");
          assertEquals(alert + ".yml", file.getKey().getFileName().toString());
          fires |= moment.map().containsKey("exp_alerts");
        }
        (fires ? firing : silent).add(alert);
      }
    }
    Set<String> alerts = new TreeSet<>(ShippedAlerts.thresholds().keySet());
    assertEquals(alerts, firing);
    assertEquals(alerts, silent);
  }

  @Test
  void eachRecordedSeriesIsTested() throws Exception {
    Set<String> tested = new TreeSet<>();
    Yaml file = Yaml.read(ShippedAlerts.PROMETHEUS.resolve("tests/recording.yml"));
    for (Yaml query : file.get("tests").list().getFirst().get("promql_expr_test").list()) {
      tested.add(query.text("expr"));
    }
    Set<String> recorded = new TreeSet<>();
    ShippedAlerts.recordingRules().forEach(rule -> recorded.add(rule.text("record")));
    assertEquals(recorded, tested);
  }

  @Test
  void recordedSeriesAreNamedByLevelMetricAndOperation() throws Exception {
    for (Yaml rule : ShippedAlerts.recordingRules()) {
      assertTrue(
          rule.text("record").matches("[a-z]+(_[a-z]+)*:portpool_[a-z_]+:[a-z]+(_[a-z]+)*(5m)?"),
          rule.text("record"));
    }
  }
}
