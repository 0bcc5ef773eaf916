package io.github.portpool.export.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.Printable;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history in a report of a port that {@link PortJson} wrote, in another process and
 * perhaps in another version: what it does not know is passed over. No text of it can end a line.
 */
public final class HistoryJson {
  private static final int MOST_CHARACTERS = 256;

  private HistoryJson() {}

  /**
   * The history in a report, or null where the report has none.
   *
   * @throws IllegalArgumentException when the text is no such report
   */
  public static @Nullable List<LastSeen> read(String report) {
    try (JsonReader json = new JsonReader(new StringReader(report))) {
      List<LastSeen> history = null;
      boolean found = false;
      json.beginObject();
      while (json.hasNext()) {
        if (json.nextName().equals("history")) {
          history = history(json);
          found = true;
        } else {
          json.skipValue();
        }
      }
      json.endObject();
      if (!found || json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("not a report of a port");
      }
      return history;
    } catch (IOException | IllegalStateException | DateTimeException e) {
      throw new IllegalArgumentException("not a report of a port", e);
    }
  }

  private static @Nullable List<LastSeen> history(JsonReader json) throws IOException {
    if (isNull(json)) {
      return null;
    }
    List<LastSeen> history = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      history.add(lastSeen(json));
    }
    json.endArray();
    return List.copyOf(history);
  }

  private static LastSeen lastSeen(JsonReader json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    LastSeen.Owner owner = null;
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (name.equals("owner")) {
        owner = owner(json);
      } else {
        text(json, name, texts);
      }
    }
    json.endObject();
    return new LastSeen(
        required(texts, "netns"),
        Protocol.valueOf(upper(texts, "protocol")),
        SocketState.valueOf(upper(texts, "state")),
        Instant.parse(required(texts, "since")),
        Instant.parse(required(texts, "last")),
        owner);
  }

  private static LastSeen.@Nullable Owner owner(JsonReader json) throws IOException {
    if (isNull(json)) {
      return null;
    }
    Map<String, String> texts = new HashMap<>();
    ControlGroup group = null;
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (name.equals("controlGroup")) {
        group = controlGroup(json);
      } else {
        text(json, name, texts);
      }
    }
    json.endObject();
    return new LastSeen.Owner(
        required(texts, "user"), group, Instant.parse(required(texts, "seen")));
  }

  private static @Nullable ControlGroup controlGroup(JsonReader json) throws IOException {
    if (isNull(json)) {
      return null;
    }
    Map<String, String> texts = new HashMap<>();
    json.beginObject();
    while (json.hasNext()) {
      text(json, json.nextName(), texts);
    }
    json.endObject();
    return new ControlGroup(
        required(texts, "path"),
        texts.getOrDefault("unit", ""),
        texts.getOrDefault("container", ""),
        texts.getOrDefault("pod", ""));
  }

  /** Keeps a value if it is a text, and passes over anything else. */
  private static void text(JsonReader json, String name, Map<String, String> texts)
      throws IOException {
    if (json.peek() == JsonToken.STRING) {
      texts.put(name, Printable.of(json.nextString(), MOST_CHARACTERS));
    } else {
      json.skipValue();
    }
  }

  private static boolean isNull(JsonReader json) throws IOException {
    boolean none = json.peek() == JsonToken.NULL;
    if (none) {
      json.nextNull();
    }
    return none;
  }

  private static String upper(Map<String, String> texts, String name) {
    return required(texts, name).toUpperCase(Locale.ROOT);
  }

  private static String required(Map<String, String> texts, String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalStateException("no " + name);
    }
    return text;
  }
}
