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

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsDoNotOverlap(Dashboard dashboard) {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonObject panel : dashboard.panels()) {
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
