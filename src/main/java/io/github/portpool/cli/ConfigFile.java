package io.github.portpool.cli;

import io.github.portpool.host.FileTrouble;
import io.github.portpool.host.Printable;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
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

  private static final long MAX_BYTES = 1 << 20;

  /** Reads a file whole, or says why not. */
  static ConfigFile read(Path path) {
    Properties lines = new Properties();
    try {
      if (Files.size(path) > MAX_BYTES) {
        return unreadable(path, "it is larger than 1 MiB");
      }
      try (Reader reader = Files.newBufferedReader(path)) {
        lines.load(reader);
      }
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return unreadable(path, "it is not a text of lines such as sample.interval = 10s");
    } catch (IOException e) {
      return unreadable(path, FileTrouble.reason(e));
    }
    Map<String, String> values = new TreeMap<>();
    lines.stringPropertyNames().forEach(name -> values.put(name, lines.getProperty(name).strip()));
    return new ConfigFile(path, values, "");
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
