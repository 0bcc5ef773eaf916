package io.github.portpool.cli;

import io.github.portpool.host.Printable;
import io.github.portpool.host.TextFile;
import io.github.portpool.host.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of {@code serve}: a line for each option, {@code sample.interval = 10s}.
 *
 * @param path where it is, null when there is none
 * @param values by the option's name without dashes
 * @param error why it could not be read, one sentence; empty when it was
 */
record ConfigFile(@Nullable Path path, Map<String, String> values, String error) {
  /** No file. */
  static final ConfigFile NONE = new ConfigFile(null, Map.of(), "");

  /** Reads a file whole, or says why not. */
  static ConfigFile read(Path path) {
    try {
      return new ConfigFile(path, parse(TextFile.read(path)), "");
    } catch (IOException | IllegalArgumentException e) {
      return unreadable(path, Trouble.reason(e));
    }
  }

  /** What a line has after its first equals sign is a value, character for character. */
  private static Map<String, String> parse(String text) {
    if (text.startsWith("\ufeff")) {
      throw new IllegalArgumentException(
          "it begins with a byte order mark: save it as UTF-8 without one");
    }
    Map<String, String> values = new TreeMap<>();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      String[] parts = line.split("=", 2);
      String name = parts[0].strip();
      if (parts.length < 2 || name.isEmpty()) {
        throw new IllegalArgumentException(
            "line " + number + " is no option: write it as sample.interval = 10s");
      }
      if (values.put(name, parts[1].strip()) != null) {
        throw new IllegalArgumentException(
            "line %d sets %s a second time: leave one out".formatted(number, name));
      }
    }
    return values;
  }

  private static ConfigFile unreadable(Path path, String reason) {
    return new ConfigFile(
        path,
        Map.of(),
        Printable.oneLine("cannot read the configuration file " + path + ": " + reason));
  }

  /** A sentence about names that are no options, empty when all are. */
  String strangers(Set<String> options) {
    Set<String> strangers = new TreeSet<>(values.keySet());
    strangers.removeAll(options);
    return strangers.isEmpty()
        ? ""
        : Printable.oneLine(
            "the configuration file %s has %s, which no option of portpool serve is called"
                .formatted(path, String.join(", ", strangers)));
  }

  /** The names whose values another file has differently, or not at all. */
  Set<String> differences(ConfigFile other) {
    Set<String> names = new TreeSet<>(values.keySet());
    names.addAll(other.values.keySet());
    names.removeIf(name -> Objects.equals(values.get(name), other.values.get(name)));
    return names;
  }
}
