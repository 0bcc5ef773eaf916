package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The files for Grafana have the fields that its provisioning reads (AlertRuleGroupV1, AlertRuleV1
 * and QueryV1 in pkg/services/provisioning/alerting/rules_types.go), and no other: it ignores what
 * it does not know.
 */
class GrafanaProvisioningTest {
  private static final Path RULES = ShippedAlerts.GRAFANA.resolve("alerting/portpool-rules.yml");
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "uid",
          "title",
          "condition",
          "data",
          "noDataState",
          "execErrState",
          "for",
          "keepFiringFor",
          "labels",
          "annotations");

  @Test
  void everyFileIsOfVersion1() throws Exception {
    List<Path> files = ShippedAlerts.files(ShippedAlerts.GRAFANA);
    assertEquals(4, files.size());
    for (Path file : files) {
      assertEquals("1", Yaml.read(file).text("apiVersion"), file.toString());
    }
  }

  @Test
  void theGroupIsEvaluatedOftenEnough() throws Exception {
    Yaml group = Yaml.read(RULES).get("groups").list().getFirst();
    assertEquals(Set.of("orgId", "name", "folder", "interval", "rules"), group.map().keySet());
    assertEquals("1m", group.text("interval"));
  }

  @Test
  void rulesAreAQueryAndAThreshold() throws Exception {
    String source = dataSource().text("uid");
    Set<String> uids = new HashSet<>();
    for (Yaml rule : ShippedAlerts.grafanaAlerts().values()) {
      String title = rule.text("title");
      assertTrue(RULE_FIELDS.containsAll(rule.map().keySet()), title);
      assertTrue(uids.add(rule.text("uid")), "two rules have the uid " + rule.text("uid"));
      assertTrue(rule.text("uid").matches("[a-z-]{1,40}"), rule.text("uid"));
      assertEquals("B", rule.text("condition"), title);
      assertEquals("OK", rule.text("noDataState"), title);
      assertEquals("Error", rule.text("execErrState"), title);
      assertEquals(2, rule.get("data").list().size(), title);
      assertQuery(source, rule.get("data").list().getFirst());
      assertThreshold(rule.get("data").list().getLast());
    }
  }

  @Test
  void eachRuleLeadsToAPanelOfTheDashboardOfAHost() throws Exception {
    JsonObject host =
        new Gson()
            .fromJson(Files.readString(Path.of("grafana/dashboards/host.json")), JsonObject.class);
    Set<String> numbers = new HashSet<>();
    numbers(host, numbers);
    for (Yaml rule : ShippedAlerts.grafanaAlerts().values()) {
      Yaml annotations = rule.get("annotations");
      assertEquals(host.get("uid").getAsString(), annotations.text("__dashboardUid__"));
      assertTrue(numbers.contains(annotations.text("__panelId__")), rule.text("title"));
      assertEquals(
          "http://{{ .Labels.instance }}/runbook#" + rule.text("title"),
          annotations.text("agent_runbook_url"));
    }
  }

  private static void numbers(JsonObject parent, Set<String> found) {
    if (parent.has("panels")) {
      for (JsonElement each : parent.getAsJsonArray("panels")) {
        JsonObject panel = each.getAsJsonObject();
        if (!panel.get("type").getAsString().equals("row")) {
          found.add(panel.get("id").getAsString());
        }
        numbers(panel, found);
      }
    }
  }

  private static Yaml dataSource() throws Exception {
    Path file = ShippedAlerts.GRAFANA.resolve("datasources/prometheus.yml");
    return Yaml.read(file).get("datasources").list().getFirst();
  }

  private static void assertQuery(String source, Yaml query) {
    assertEquals(
        Set.of("refId", "datasourceUid", "relativeTimeRange", "model"), query.map().keySet());
    assertEquals("A", query.text("refId"));
    assertEquals(source, query.text("datasourceUid"));
    assertEquals("600", query.get("relativeTimeRange").text("from"));
    Yaml model = query.get("model");
    assertEquals(Set.of("refId", "instant", "range", "expr"), model.map().keySet());
    assertEquals("true", model.text("instant"));
    assertEquals("false", model.text("range"));
  }

  private static void assertThreshold(Yaml threshold) {
    assertEquals("B", threshold.text("refId"));
    assertEquals("__expr__", threshold.text("datasourceUid"));
    Yaml model = threshold.get("model");
    assertEquals(Set.of("refId", "type", "expression", "conditions"), model.map().keySet());
    assertEquals("threshold", model.text("type"));
    assertEquals("A", model.text("expression"));
    assertEquals(1, model.get("conditions").list().size());
  }

  /** Old versions expand a $ in texts as a variable of the environment, newer ones do not. */
  @Test
  void nothingIsTakenForAVariableOfTheEnvironment() throws Exception {
    for (Path file : ShippedAlerts.files(ShippedAlerts.GRAFANA)) {
      boolean comment = file.equals(RULES);
      List<String> lines = Files.readAllLines(file);
      assertFalse(
          lines.stream().anyMatch(line -> line.contains("$") && !(comment && line.startsWith("#"))),
          file.toString());
    }
  }
}
