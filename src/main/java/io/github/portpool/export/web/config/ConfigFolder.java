package io.github.portpool.export.web.config;

import io.github.portpool.host.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The folder of a configuration file: other files are named from there, and each has a stamp. */
final class ConfigFolder {
  private static final int MAX_BYTES = 1 << 20;

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
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new WebConfigException(file + " is not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new WebConfigException(file + " is larger than 1 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new WebConfigException(file + " is not a text");
    } catch (IOException e) {
      throw new WebConfigException("cannot read " + file + ": " + FileTrouble.reason(e));
    }
  }

  /** The files that were asked for, whether they could be read or not. */
  Map<Path, FileStamp> stamps() {
    return Collections.unmodifiableMap(stamps);
  }
}
