package io.github.portpool.export.json;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.EphemeralRange;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Labelled;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all JSON has in common. Text is escaped so that it may stand in HTML as well.
 *
 * <p>A value is {@link Fields} for an object, a stream for an array, a number, a boolean, null, or
 * a constant with a label; anything else is written as its text.
 */
final class Json {
  private Json() {}

  /** A value as a text that ends with a line feed. */
  static String text(@Nullable Object value) {
    return text(value, FormattingStyle.PRETTY) + '\n';
  }

  /** A value on one line, without the line's end. */
  static String line(@Nullable Object value) {
    return text(value, FormattingStyle.COMPACT);
  }

  private static String text(@Nullable Object value, FormattingStyle style) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setFormattingStyle(style);
      json.setHtmlSafe(true);
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonWriter json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.nullValue();
      case Boolean truth -> json.value(truth);
      case Number number -> json.value(number);
      case Labelled constant -> json.value(constant.label());
      case Fields fields -> {
        json.beginObject();
        for (Map.Entry<String, @Nullable Object> field : fields.values().entrySet()) {
          write(json.name(field.getKey()), field.getValue());
        }
        json.endObject();
      }
      case Stream<?> elements -> {
        json.beginArray();
        for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
          write(json, each.next());
        }
        json.endArray();
      }
      default -> json.value(value.toString());
    }
  }

  /** An ephemeral range. */
  static Fields range(EphemeralRange range) {
    return new Fields()
        .with("first", range.first())
        .with("last", range.last())
        .with("reserved", range.reserved())
        .with("capacity", range.capacity());
  }

  /** What cannot be seen. */
  static Fields unavailable(Map<Feature, String> unavailable) {
    return Fields.of(new TreeMap<>(unavailable).keySet(), unavailable::get);
  }

  /** A control group, or null for none. */
  static @Nullable Fields controlGroup(@Nullable ControlGroup group) {
    return group == null
        ? null
        : new Fields()
            .with("path", group.path())
            .with("unit", orNull(group.unit()))
            .with("container", orNull(group.container()))
            .with("pod", orNull(group.pod()));
  }

  /** A text, or null for none. */
  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
