package io.github.portpool.export.web.config;

import io.github.portpool.host.TextFile;
import io.github.portpool.host.Trouble;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folder of a configuration file: other files are named from there, and each has a stamp. */
final class ConfigFolder {
  private final Path config;
  private final Map<Path, FileStamp> stamps = new LinkedHashMap<>();

  /** The folder that a file is in. */
  ConfigFolder(Path file) {
    config = file.toAbsolutePath().normalize();
  }

  /** Reads a file whole. */
  String read(String name) throws WebConfigException {
    Path file;
    try {
      file = config.resolveSibling(name);
    } catch (InvalidPathException e) {
      throw new WebConfigException("'" + name + "' is not the name of a file here");
    }
    stamps.put(file, FileStamp.of(file)); // before it is read: what is written meanwhile is seen
    try {
      return TextFile.read(file);
    } catch (IOException e) {
      throw new WebConfigException("cannot read " + file + ": " + Trouble.reason(e));
    }
  }

  /** The files that were asked for, whether they could be read or not. */
  Map<Path, FileStamp> stamps() {
    return Collections.unmodifiableMap(stamps);
  }
}
