package io.github.portpool.grafana;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A dashboard of grafana/dashboards, as its file has it. */
public record Dashboard(Path file, JsonObject json) {
  private static final Path DIRECTORY = Path.of("grafana/dashboards");
  private static final Gson GSON = new Gson();

  /** A query of a panel; an instant one is for one moment, another for the whole time range. */
  public record Query(String panel, String expression, boolean instant) {
    /** The query with values in place of variables, those in {@code $name} form. */
    public String with(Map<String, String> variables) {
      String text = expression;
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        text = text.replace(variable.getKey(), variable.getValue());
      }
      return text;
    }

    @Override
    public String toString() {
      return panel + ": " + expression;
    }
  }

  /** Both dashboards, that of one host first. */
  public static List<Dashboard> all() throws IOException {
    return List.of(read("host"), read("fleet"));
  }

  private static Dashboard read(String name) throws IOException {
    Path file = DIRECTORY.resolve(name + ".json");
    return new Dashboard(file, GSON.fromJson(Files.readString(file), JsonObject.class));
  }

  /** The panels, rows and what is in those that are closed included. */
  List<JsonObject> panels() {
    List<JsonObject> panels = panels(json);
    if (panels.isEmpty()) {
      throw new AssertionError("no panels in " + file);
    }
    return panels;
  }

  private static List<JsonObject> panels(JsonObject parent) {
    return objects(parent, "panels").stream()
        .flatMap(panel -> Stream.concat(Stream.of(panel), panels(panel).stream()))
        .toList();
  }

  /** The queries of all panels, in their order. */
  public List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonObject panel : panels()) {
      for (JsonObject target : objects(panel, "targets")) {
        queries.add(
            new Query(
                panel.get("title").getAsString(),
                target.get("expr").getAsString(),
                target.get("instant").getAsBoolean()));
      }
    }
    return queries;
  }

  /** The objects in an array, none where there is no such array. */
  static List<JsonObject> objects(JsonObject parent, String name) {
    JsonArray array = parent.has(name) ? parent.getAsJsonArray(name) : new JsonArray();
    return array.asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  /**
   * The text that the file must have: keys sorted, two spaces, and nothing that belongs to one
   * Grafana alone. An export from Grafana becomes it.
   */
  String normalised() throws IOException {
    JsonObject clean = json.deepCopy();
    for (String name : List.of("id", "__inputs", "__requires", "__elements", "iteration")) {
      clean.remove(name);
    }
    panels(clean).forEach(panel -> panel.remove("pluginVersion"));
    StringWriter text = new StringWriter();
    JsonWriter writer = new JsonWriter(text);
    writer.setIndent("  ");
    GSON.getAdapter(JsonElement.class).write(writer, sorted(clean));
    return text.append('\n').toString();
  }

  private static JsonElement sorted(JsonElement element) {
    if (element.isJsonObject()) {
      JsonObject result = new JsonObject();
      new TreeMap<>(element.getAsJsonObject().asMap())
          .forEach((key, value) -> result.add(key, sorted(value)));
      return result;
    }
    if (element.isJsonArray()) {
      JsonArray result = new JsonArray();
      element.getAsJsonArray().forEach(each -> result.add(sorted(each)));
      return result;
    }
    return element;
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
