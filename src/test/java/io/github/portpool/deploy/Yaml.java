package io.github.portpool.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A value of a YAML file: what is not of the expected kind, or not there, fails the test.
 *
 * @param value a map, a list or a scalar, as the parser made it
 */
public record Yaml(Object value) {
  /** Reads a file with one document. */
  public static Yaml read(Path file) throws Exception {
    return parse(Files.readString(file));
  }

  /** Reads a text with one document. */
  public static Yaml parse(String text) {
    return new Yaml(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  /** The value of a key that must be there. */
  public Yaml get(String key) {
    Yaml found = map().get(key);
    if (found == null) {
      throw new AssertionError("there is no " + key + " in " + value);
    }
    return found;
  }

  /** The value of a key as text, or something else where it is not there. */
  public String text(String key, String otherwise) {
    Yaml found = map().get(key);
    return found == null ? otherwise : found.text();
  }

  /** The value of a key as text. */
  public String text(String key) {
    return get(key).text();
  }

  /** A scalar as text. */
  public String text() {
    if (value instanceof Map || value instanceof List) {
      throw new AssertionError("no scalar: " + value);
    }
    return String.valueOf(value);
  }

  /** The entries of a map, in the order of the file. */
  public Map<String, Yaml> map() {
    if (!(value instanceof Map<?, ?> entries)) {
      throw new AssertionError("no map: " + value);
    }
    Map<String, Yaml> map = new LinkedHashMap<>();
    entries.forEach((key, each) -> map.put(String.valueOf(key), new Yaml(each)));
    return map;
  }

  /** The elements of a list. */
  public List<Yaml> list() {
    if (!(value instanceof List<?> elements)) {
      throw new AssertionError("no list: " + value);
    }
    List<Yaml> list = new ArrayList<>();
    elements.forEach(each -> list.add(new Yaml(each)));
    return list;
  }

  /** It as a YAML document again. */
  public String dump() {
    return new Dump(DumpSettings.builder().build()).dumpToString(value);
  }
}
