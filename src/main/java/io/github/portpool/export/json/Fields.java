package io.github.portpool.export.json;

import io.github.portpool.snapshot.Labelled;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object, in the order in which they are added. */
final class Fields {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  /** Adds a field; of the values {@link Json} says more. */
  Fields with(String name, @Nullable Object value) {
    values.put(name, value);
    return this;
  }

  /** A field for each of some keys, by its label. */
  static <K extends Labelled> Fields of(Iterable<K> keys, Function<K, @Nullable Object> value) {
    Fields fields = new Fields();
    keys.forEach(key -> fields.with(key.label(), value.apply(key)));
    return fields;
  }

  Map<String, @Nullable Object> values() {
    return values;
  }
}
