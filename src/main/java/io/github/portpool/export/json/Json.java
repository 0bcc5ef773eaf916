package io.github.portpool.export.json;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.LiveRange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all JSON has in common. Text is escaped so that it may stand in HTML as well. */
final class Json {
  /** Writes one value. */
  @FunctionalInterface
  interface Value {
    void writeTo(JsonWriter json) throws IOException;
  }

  private Json() {}

  /** A value as a text that ends with a line feed. */
  static String text(Value value) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setFormattingStyle(FormattingStyle.PRETTY);
      json.setHtmlSafe(true);
      value.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  /** A live range. */
  static void range(JsonWriter json, LiveRange range) throws IOException {
    json.beginObject();
    json.name("first").value(range.first());
    json.name("last").value(range.last());
    json.name("reserved").value(range.reserved());
    json.name("capacity").value(range.capacity());
    json.endObject();
  }

  /** What cannot be seen. */
  static void unavailable(JsonWriter json, Map<Feature, String> unavailable) throws IOException {
    json.beginObject();
    for (Feature feature : Feature.values()) {
      String reason = unavailable.get(feature);
      if (reason != null) {
        json.name(feature.label()).value(reason);
      }
    }
    json.endObject();
  }

  /** A text, or null for none. */
  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
