package io.github.portpool.export.web.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folder of a configuration file: other files are named from there, and each has a stamp. */
final class ConfigFolder {
  private static final long MAX_BYTES = 1 << 20;

  private final Path place;
  private final Map<Path, FileStamp> stamps = new LinkedHashMap<>();

  /** The folder that a file is in. */
  ConfigFolder(Path file) {
    place = file.toAbsolutePath().normalize();
  }

  /** Reads a file whole. */
  String read(String name) throws WebConfigException {
    Path file = place.resolveSibling(name);
    stamps.put(file, FileStamp.of(file)); // before it is read: what is written meanwhile is seen
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new WebConfigException(file + " is larger than 1 MiB");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new WebConfigException("there is no file " + file);
    } catch (AccessDeniedException e) {
      throw new WebConfigException("this user may not read " + file);
    } catch (CharacterCodingException e) {
      throw new WebConfigException(file + " is not a text");
    } catch (IOException e) {
      throw new WebConfigException("cannot read " + file + ": " + e.getMessage());
    }
  }

  /** The files that were asked for, whether they could be read or not. */
  Map<Path, FileStamp> stamps() {
    return Collections.unmodifiableMap(stamps);
  }
}
