package io.github.portpool.export.web.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML file whose keys and types are checked as they are read. */
final class YamlMapping {
  private final String name;
  private final Map<String, @Nullable Object> entries = new LinkedHashMap<>();

  /**
   * A mapping.
   *
   * @param name what it is called in sentences: its key, or what the file is
   * @param node what YAML has there, null where there is nothing
   */
  YamlMapping(String name, @Nullable Object node) throws WebConfigException {
    this.name = name;
    if (node == null) {
      return;
    }
    if (!(node instanceof Map<?, ?> map)) {
      throw new WebConfigException(name + " must be a mapping, lines of \"name: value\"");
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      entries.put(String.valueOf(entry.getKey()), entry.getValue());
    }
  }

  /** Whether it has a key, with a value or without. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Its keys. */
  Set<String> keys() {
    return entries.keySet();
  }

  /** Throws what is wrong when it has other keys than these. */
  void allowOnly(Set<String> keys) throws WebConfigException {
    Set<String> strangers = new TreeSet<>(entries.keySet());
    strangers.removeAll(keys);
    if (!strangers.isEmpty()) {
      throw new WebConfigException(
          "%s has %s, which is not known there; known are %s"
              .formatted(
                  name, String.join(", ", strangers), String.join(", ", new TreeSet<>(keys))));
    }
  }

  private Object valueOr(String key, Object otherwise) {
    Object value = entries.get(key);
    return value == null ? otherwise : value;
  }

  /** The mapping of a key, empty where there is none. */
  YamlMapping mapping(String key) throws WebConfigException {
    return new YamlMapping(key, entries.get(key));
  }

  /** The text of a key, empty where there is none. */
  String text(String key) throws WebConfigException {
    Object value = valueOr(key, "");
    if (!(value instanceof String text)) {
      throw new WebConfigException(name + ": " + key + " must be a string");
    }
    return text;
  }

  /** Whether a key is true; where there is none, what is said here. */
  boolean isTrue(String key, boolean otherwise) throws WebConfigException {
    Object value = valueOr(key, otherwise);
    if (!(value instanceof Boolean truth)) {
      throw new WebConfigException(name + ": " + key + " must be true or false");
    }
    return truth;
  }

  /** The list of texts of a key, empty where there is none. */
  List<String> texts(String key) throws WebConfigException {
    Object value = valueOr(key, List.of());
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof String text) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    throw new WebConfigException(name + ": " + key + " must be a list of strings");
  }
}
