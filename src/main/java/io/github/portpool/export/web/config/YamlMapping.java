package io.github.portpool.export.web.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML file whose keys and types are checked as they are read. */
final class YamlMapping {
  /** As YAML 1.1 has them, which exporters read. */
  private static final Pattern YES = Pattern.compile("(?i)y|yes|true|on");

  private static final Pattern NO = Pattern.compile("(?i)n|no|false|off");

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

  /** Whether it has a key with a value, though that may be an empty one. */
  boolean isSet(String key) {
    return entries.get(key) != null;
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

  /** The text of a key, a number too; empty where there is none. */
  String text(String key) throws WebConfigException {
    return scalar(valueOr(key, ""), key + " must be a string");
  }

  private String scalar(@Nullable Object value, String complaint) throws WebConfigException {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw new WebConfigException(name + ": " + complaint);
  }

  /** Whether a key is true; where there is none, what is said here. */
  boolean isTrue(String key, boolean otherwise) throws WebConfigException {
    String complaint = key + " must be true or false";
    String value = scalar(valueOr(key, otherwise), complaint);
    if (YES.matcher(value).matches()) {
      return true;
    }
    if (NO.matcher(value).matches()) {
      return false;
    }
    throw new WebConfigException(name + ": " + complaint);
  }

  /** The list of texts of a key, empty where there is none. */
  List<String> texts(String key) throws WebConfigException {
    String complaint = key + " must be a list of strings";
    if (!(valueOr(key, List.of()) instanceof List<?> list)) {
      throw new WebConfigException(name + ": " + complaint);
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      texts.add(scalar(each, complaint));
    }
    return texts;
  }
}
