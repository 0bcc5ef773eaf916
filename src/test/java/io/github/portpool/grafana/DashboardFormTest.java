package io.github.portpool.grafana;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The form that each dashboard keeps, whoever edits it and however.
 *
 * <p>With {@code -Dportpool.golden.update=true} the files are normalised, after an export from
 * Grafana for example.
 */
class DashboardFormTest {
  private static final Set<String> PANEL_TYPES =
      Set.of("stat", "timeseries", "bargauge", "table", "row", "text");
  private static final JsonElement DATA_SOURCE =
      new Gson()
          .fromJson("{\"type\": \"prometheus\", \"uid\": \"${datasource}\"}", JsonElement.class);
  private static final Pattern WINDOW = Pattern.compile("\\[([^\\]]*)]");
  private static final int COLUMNS = 24;

  /** Rows of Grafana's grid in a window of 1,080 pixels. */
  private static final int FIRST_SCREEN = 23;

  static Stream<Dashboard> dashboards() throws IOException {
    return Dashboard.all().stream();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void theFileIsNormalised(Dashboard dashboard) throws IOException {
    if (Boolean.getBoolean("portpool.golden.update")) {
      Files.writeString(dashboard.file(), dashboard.normalised());
    }
    assertEquals(dashboard.normalised(), Files.readString(dashboard.file()));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void itHasItsPlace(Dashboard dashboard) {
    String name = dashboard.toString().replace(".json", "");
    JsonObject json = dashboard.json();
    assertEquals("portpool-" + name, json.get("uid").getAsString());
    assertEquals(41, json.get("schemaVersion").getAsInt());
    assertFalse(json.get("description").getAsString().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void itHasTheVariablesOfBoth(Dashboard dashboard) {
    List<String> names =
        Dashboard.objects(dashboard.json().getAsJsonObject("templating"), "list").stream()
            .map(variable -> variable.get("name").getAsString())
            .toList();
    assertEquals(List.of("datasource", "job", "instance", "netns"), names);
  }

  /** Nothing names a data source of its own. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void everythingAsksTheChosenDataSource(Dashboard dashboard) {
    List<JsonElement> sources = new ArrayList<>();
    collect(dashboard.json(), "datasource", sources);
    assertTrue(sources.size() > dashboard.queries().size(), "there are " + sources.size());
    assertEquals(Set.of(DATA_SOURCE), new HashSet<>(sources));
  }

  private static void collect(JsonElement element, String name, List<JsonElement> found) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> collect(each, name, found));
    } else if (element.isJsonObject()) {
      element
          .getAsJsonObject()
          .asMap()
          .forEach((key, value) -> {
            if (key.equals(name)) {
              found.add(value);
            } else {
              collect(value, name, found);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void itLinksToTheOtherWithTimeAndVariables(Dashboard dashboard) {
    JsonObject link = Dashboard.objects(dashboard.json(), "links").getFirst();
    String other = dashboard.toString().equals("host.json") ? "fleet" : "host";
    assertEquals("/d/portpool-" + other, link.get("url").getAsString());
    assertTrue(link.get("keepTime").getAsBoolean());
    assertTrue(link.get("includeVars").getAsBoolean());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelSaysWhatItShows(Dashboard dashboard) {
    Set<String> titles = new HashSet<>();
    for (JsonObject panel : dashboard.panels()) {
      String title = panel.get("title").getAsString();
      assertTrue(titles.add(title), "two panels are called " + title);
      String type = panel.get("type").getAsString();
      assertTrue(PANEL_TYPES.contains(type), title + ": " + type);
      if (type.equals("row")) {
        continue;
      }
      assertTrue(panel.get("description").getAsString().endsWith("."), title);
      JsonObject defaults = panel.getAsJsonObject("fieldConfig").getAsJsonObject("defaults");
      assertTrue(defaults.has("unit"), title + " has no unit");
      assertTrue(!type.equals("table") || defaults.has("noValue"), title + " when empty");
    }
  }

  /** Alerts of Grafana lead to panels by their numbers. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelHasItsNumber(Dashboard dashboard) {
    List<Integer> numbers =
        dashboard.panels().stream().map(panel -> panel.get("id").getAsInt()).toList();
    assertEquals(numbers.size(), new HashSet<>(numbers).size(), numbers::toString);
  }

  /** In a window of 1,280 pixels, by the mean width of a letter. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void noTitleIsCutOff(Dashboard dashboard) {
    for (JsonObject panel : dashboard.panels()) {
      String title = panel.get("title").getAsString();
      int pixels = 50 * panel.getAsJsonObject("gridPos").get("w").getAsInt() - 32;
      assertTrue(7 * title.length() <= pixels, title);
    }
  }

  /** Am I in trouble, where, since when, who is it, and what do I do. */
  @Test
  void theFirstScreenAnswersWhoIsCalledAtNight() throws IOException {
    Dashboard host = Dashboard.all().getFirst();
    List<String> first =
        Dashboard.objects(host.json(), "panels").stream()
            .filter(panel -> bottom(panel) <= FIRST_SCREEN)
            .map(panel -> panel.get("title").getAsString().replaceAll(" \\(.*", ""))
            .toList();
    assertEquals(
        List.of(
            "Worst destination",
            "Free ports there",
            "Time until none is left",
            "Failed connect() calls",
            "Unreserved listeners",
            "Age of the sample",
            "The worst destinations",
            "Firing alerts",
            "Ports used toward the worst destination",
            "Whose connect() calls failed for lack of a port",
            "Ports by owner",
            "What to do"),
        first);
    JsonObject todo =
        host.panels().stream()
            .filter(panel -> panel.get("title").getAsString().equals("What to do"))
            .findFirst()
            .orElseThrow();
    String text = todo.getAsJsonObject("options").get("content").getAsString();
    assertTrue(text.contains("(http://${instance}/runbook)"), text);
    assertTrue(text.contains("portpool doctor"), text);
    List<String> closed =
        host.panels().stream()
            .filter(panel -> panel.has("collapsed") && panel.get("collapsed").getAsBoolean())
            .map(panel -> panel.get("title").getAsString())
            .toList();
    assertEquals(
        List.of("NAT", "Settings, and what the agent sees", "What the agent costs"), closed);
  }

  private static int bottom(JsonObject panel) {
    JsonObject place = panel.getAsJsonObject("gridPos");
    return place.get("y").getAsInt() + place.get("h").getAsInt();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsDoNotOverlap(Dashboard dashboard) {
    assertNoOverlap(Dashboard.objects(dashboard.json(), "panels"));
    dashboard.panels().forEach(row -> assertNoOverlap(Dashboard.objects(row, "panels")));
  }

  private static void assertNoOverlap(List<JsonObject> panels) {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonObject panel : panels) {
      JsonObject place = panel.getAsJsonObject("gridPos");
      int left = place.get("x").getAsInt();
      int right = left + place.get("w").getAsInt();
      int top = place.get("y").getAsInt();
      assertTrue(right <= COLUMNS, panel.get("title").getAsString());
      for (int x = left; x < right; x++) {
        for (int y = top; y < top + place.get("h").getAsInt(); y++) {
          assertTrue(taken.add(List.of(x, y)), panel.get("title").getAsString());
        }
      }
    }
  }

  /** A fixed window would miss scrapes, or show less than the page says. */
  @Test
  void windowsFollowThePage() throws IOException {
    Set<String> windows =
        Dashboard.all().stream()
            .flatMap(dashboard -> dashboard.queries().stream())
            .flatMap(query -> WINDOW.matcher(query.expression()).results())
            .map(window -> window.group(1))
            .collect(Collectors.toSet());
    assertFalse(windows.isEmpty());
    windows.removeAll(Set.of("$__rate_interval", "$__range"));
    assertEquals(Set.of(), windows);
  }
}
