package io.github.portpool.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file of text that somebody names, who may have named anything. */
public final class TextFile {
  private static final int MAX_BYTES = 1 << 20;

  private TextFile() {}

  /** Reads it whole; {@link Trouble#reason} says why it could not be. */
  public static String read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A pipe would be waited for, and a device may never end.
      throw new FileSystemException(
          file.toString(), null, "it is not a regular file: name one that is");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new FileSystemException(
            file.toString(), null, "it is larger than 1 MiB: name the right one");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }
}
