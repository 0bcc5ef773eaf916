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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history in a report of a port that {@link PortJson} wrote, in another process and
 * perhaps in another version: what it does not know is passed over. No text of it can end a line.
 *
 * <p>Only what it knows is kept: a tree of a whole report of 1 MiB can take more than the heap.
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
        if (!json.nextName().equals("history")) {
          json.skipValue();
          continue;
        }
        found = true;
        if (json.peek() == JsonToken.NULL) {
          json.nextNull();
        } else {
          history = history(json);
        }
      }
      json.endObject();
      if (!found || json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalStateException("no history, or more than one value");
      }
      return history;
    } catch (IOException | IllegalStateException | DateTimeException e) {
      throw new IllegalArgumentException("not a report of a port", e);
    }
  }

  private static List<LastSeen> history(JsonReader json) throws IOException {
    List<LastSeen> history = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      history.add(lastSeen(Part.read(json)));
    }
    json.endArray();
    return List.copyOf(history);
  }

  private static LastSeen lastSeen(Part seen) {
    Part owner = seen.parts().get("owner");
    return new LastSeen(
        seen.text("netns"),
        Protocol.valueOf(seen.text("protocol").toUpperCase(Locale.ROOT)),
        SocketState.valueOf(seen.text("state").toUpperCase(Locale.ROOT)),
        Instant.parse(seen.text("since")),
        Instant.parse(seen.text("last")),
        owner == null ? null : owner(owner));
  }

  private static LastSeen.Owner owner(Part owner) {
    Part group = owner.parts().get("controlGroup");
    return new LastSeen.Owner(
        owner.text("user"),
        group == null
            ? null
            : new ControlGroup(
                group.text("path"),
                group.texts().getOrDefault("unit", ""),
                group.texts().getOrDefault("container", ""),
                group.texts().getOrDefault("pod", "")),
        Instant.parse(owner.text("seen")));
  }

  /** An object: its texts, and those within that are known. */
  private record Part(Map<String, String> texts, Map<String, Part> parts) {
    private static final Set<String> KNOWN = Set.of("owner", "controlGroup");

    static Part read(JsonReader json) throws IOException {
      Part part = new Part(new HashMap<>(), new HashMap<>());
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (json.peek() == JsonToken.STRING) {
          part.texts.put(name, Printable.of(json.nextString(), MOST_CHARACTERS));
        } else if (json.peek() == JsonToken.BEGIN_OBJECT && KNOWN.contains(name)) {
          part.parts.put(name, read(json));
        } else {
          json.skipValue();
        }
      }
      json.endObject();
      return part;
    }

    /** A text that must be there. */
    String text(String name) {
      String text = texts.get(name);
      if (text == null) {
        throw new IllegalStateException("no " + name);
      }
      return text;
    }
  }
}
