package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One table of thresholds, and both sets of rules and the runbook hold to it. */
class ThresholdsTest {
  private static final String RUNBOOK_URL =
      "https://github.com/portpool/portpool/blob/main/grafana/runbook.md#";
  private static final Pattern CHAPTER = Pattern.compile("^## (\\w+)$", Pattern.MULTILINE);
  private static final List<String> GUARDS = List.of("floor", "horizon");

  @Test
  void allHaveTheSameAlertsInTheSameOrder() throws Exception {
    List<String> table = List.copyOf(ShippedAlerts.thresholds().keySet());
    assertEquals(14, table.size());
    assertEquals(table, List.copyOf(ShippedAlerts.prometheusAlerts().keySet()));
    assertEquals(table, List.copyOf(ShippedAlerts.grafanaAlerts().keySet()));
    List<String> chapters =
        CHAPTER
            .matcher(Files.readString(ShippedAlerts.RUNBOOK))
            .results()
            .map(chapter -> chapter.group(1))
            .toList();
    assertEquals(table, chapters);
  }

  @Test
  void prometheusFiresAtTheThresholdsOfTheTable() throws Exception {
    for (Map.Entry<String, Yaml> alert : ShippedAlerts.prometheusAlerts().entrySet()) {
      String name = alert.getKey();
      Yaml threshold = ShippedAlerts.thresholds().get(name);
      Yaml rule = alert.getValue();
      String expression = rule.text("expr").replaceAll("\\s+", " ");
      assertTrue(expression.endsWith(comparison(threshold)), name);
      assertGuards(name, threshold, expression);
      assertEquals(threshold.text("for"), rule.text("for", "0s"), name);
      assertEquals(
          threshold.text("keep_firing_for", "0s"), rule.text("keep_firing_for", "0s"), name);
      assertLabels(name, threshold, rule);
    }
  }

  @Test
  void grafanaFiresWhenPrometheusDoes() throws Exception {
    Map<String, Yaml> prometheus = ShippedAlerts.prometheusAlerts();
    for (Map.Entry<String, Yaml> alert : ShippedAlerts.grafanaAlerts().entrySet()) {
      String name = alert.getKey();
      Yaml threshold = ShippedAlerts.thresholds().get(name);
      Yaml rule = alert.getValue();
      List<Yaml> data = rule.get("data").list();
      String query = data.getFirst().get("model").text("expr");
      Yaml evaluator =
          data.getLast().get("model").get("conditions").list().getFirst().get("evaluator");
      String type = evaluator.text("type");
      assertTrue(Set.of("gt", "lt").contains(type), name);
      String compared =
          query
              + (type.equals("gt") ? " > " : " < ")
              + evaluator.get("params").list().getFirst().text();
      assertEquals(compact(prometheus.get(name).text("expr")), compact(compared), name);
      assertEquals(threshold.text("for"), rule.text("for"), name);
      assertEquals(threshold.text("keep_firing_for", "0s"), rule.text("keepFiringFor", "0s"), name);
      assertLabels(name, threshold, rule);
    }
  }

  @Test
  void theTextsOfBothAreTheSameButForTheCulprit() throws Exception {
    Map<String, Yaml> prometheus = ShippedAlerts.prometheusAlerts();
    for (Map.Entry<String, Yaml> alert : ShippedAlerts.grafanaAlerts().entrySet()) {
      Yaml theirs = alert.getValue().get("annotations");
      Yaml ours = prometheus.get(alert.getKey()).get("annotations");
      assertEquals(ours.map().keySet(), theirs.map().keySet(), alert.getKey());
      for (String key : ours.map().keySet()) {
        String text = ours.text(key).replaceFirst("\\{\\{- (with|range) .*", "").strip();
        assertEquals(
            text.replace("$labels", ".Labels").replace("$value", ".Values.A.Value"),
            theirs.text(key),
            alert.getKey());
      }
    }
  }

  @Test
  void eachLinksToItsChapter() throws Exception {
    List<Yaml> rules = new ArrayList<>(ShippedAlerts.prometheusAlerts().values());
    rules.addAll(ShippedAlerts.grafanaAlerts().values());
    for (Yaml rule : rules) {
      String name = rule.text("alert", rule.text("title", ""));
      Yaml annotations = rule.get("annotations");
      assertEquals(
          Set.of("summary", "description", "runbook_url", "dashboard_url"),
          annotations.map().keySet());
      assertEquals(
          RUNBOOK_URL + name.toLowerCase(Locale.ROOT), annotations.text("runbook_url"), name);
      assertTrue(annotations.text("dashboard_url").startsWith("/d/portpool-host?var-job="), name);
      assertTrue(annotations.text("dashboard_url").contains("&var-instance="), name);
    }
  }

  @Test
  void theTableSaysNothingThatIsNotHeldTo() throws Exception {
    Set<String> known =
        Set.of("severity", "above", "below", "for", "keep_firing_for", "floor", "horizon");
    for (Map.Entry<String, Yaml> row : ShippedAlerts.thresholds().entrySet()) {
      Set<String> keys = row.getValue().map().keySet();
      assertTrue(known.containsAll(keys), row.getKey());
      assertTrue(keys.contains("above") != keys.contains("below"), row.getKey());
    }
  }

  @Test
  void alertmanagerSilencesAlertsThatExist() throws Exception {
    Set<String> alerts = ShippedAlerts.thresholds().keySet();
    String file = Files.readString(ShippedAlerts.PROMETHEUS.resolve("alertmanager.yml"));
    assertFalse(Yaml.parse(file).get("inhibit_rules").list().isEmpty());
    List<String> named =
        Pattern.compile("alertname=~?\"([^\"]+)\"")
            .matcher(file)
            .results()
            .map(found -> found.group(1))
            .flatMap(names -> List.of(names.split("\\|", -1)).stream())
            .toList();
    assertFalse(named.isEmpty());
    assertTrue(alerts.containsAll(named), named.toString());
  }

  private static String comparison(Yaml threshold) {
    String above = threshold.text("above", "");
    return above.isEmpty() ? " < " + threshold.text("below") : " > " + above;
  }

  private static void assertGuards(String name, Yaml threshold, String expression) {
    for (String guard : GUARDS) {
      String number = threshold.text(guard, "");
      assertTrue(
          number.isEmpty() || expression.matches(".*[ (]" + Pattern.quote(number) + "[ )].*"),
          name + " " + guard);
    }
  }

  private static void assertLabels(String name, Yaml threshold, Yaml rule) {
    assertEquals("portpool", rule.get("labels").text("component"), name);
    assertEquals(threshold.text("severity"), rule.get("labels").text("severity"), name);
  }

  /** Without white space, and without the parentheses around all that is compared. */
  private static String compact(String expression) {
    String text = expression.replaceAll("\\s+", "");
    return text.replaceFirst("^\\((.*)\\)([<>][\\d.]+)$", "$1$2");
  }
}
