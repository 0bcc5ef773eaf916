package io.github.portpool.source.owner;

import io.github.portpool.host.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of users by their number, from a file such as /etc/passwd, passwd(5): its first MiB.
 * Used by one thread at a time.
 */
final class UserNames {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_CHARACTERS = 64;

  private final Path file;
  private final Map<Integer, String> names = new HashMap<>();
  private @Nullable FileTime read;

  /** The names in a file, which need not exist. */
  UserNames(Path file) {
    this.file = file;
  }

  /** Reads the file again where it has changed; while it cannot be read, users have no names. */
  void refresh() {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      if (!modified.equals(read)) {
        load();
        read = modified;
      }
    } catch (IOException e) {
      names.clear();
      read = null;
    }
  }

  private void load() throws IOException {
    String text;
    try (InputStream bytes = Files.newInputStream(file)) {
      text = new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
    names.clear();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", 4); // name:password:uid:...
      if (fields.length == 4 && !fields[0].isEmpty()) {
        try {
          int uid = Integer.parseUnsignedInt(fields[2]);
          names.putIfAbsent(uid, Printable.of(fields[0], MOST_CHARACTERS));
        } catch (NumberFormatException e) {
          // No user.
        }
      }
    }
  }

  /** The name of a user, or the number where it has none. */
  String name(int uid) {
    return names.getOrDefault(uid, Integer.toUnsignedString(uid));
  }
}
