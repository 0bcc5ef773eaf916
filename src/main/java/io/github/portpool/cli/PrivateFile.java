package io.github.portpool.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that only its owner may read, and that takes its name when it is whole: whoever made a
 * link of that name before, in a folder for all, gets nothing.
 *
 * @param path its name
 * @param written what is written to: another file beside it, or the path itself where a device or a
 *     pipe is there
 * @param out writes to it
 */
record PrivateFile(Path path, Path written, OutputStream out) implements Closeable {
  /** Begins to write a file, in place of one that is there. */
  static PrivateFile create(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    if (Files.isSymbolicLink(path)) {
      throw new FileSystemException(
          file.toString(), null, "it is a symbolic link: name the file that it leads to");
    }
    Path written = path;
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      written = Files.createTempFile(path.getParent(), ".portpool", null);
    }
    return new PrivateFile(
        path,
        written,
        Files.newOutputStream(written, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
  }

  /** Gives it its name; without this it is gone when it is closed. */
  void complete() throws IOException {
    out.close();
    if (!written.equals(path)) {
      Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
    if (!written.equals(path)) {
      Files.deleteIfExists(written);
    }
  }
}
