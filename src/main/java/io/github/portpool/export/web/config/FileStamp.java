package io.github.portpool.export.web.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known to have changed, or to have been replaced.
 *
 * @param modified when it was written, null where there is none
 * @param changed when its owner, its rights or itself changed, where the system says so
 * @param size in bytes
 * @param key device and inode, where the system has them
 */
record FileStamp(
    @Nullable FileTime modified, @Nullable Object changed, long size, @Nullable Object key) {
  private static final FileStamp NO_FILE = new FileStamp(null, null, 0, null);

  /** The stamp of a file, or of where a link leads. */
  static FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
      return new FileStamp(
          attributes.lastModifiedTime(),
          unix ? Files.getAttribute(file, "unix:ctime") : null,
          attributes.size(),
          attributes.fileKey());
    } catch (IOException e) {
      return NO_FILE;
    }
  }
}
