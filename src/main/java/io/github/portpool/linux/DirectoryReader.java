package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Reads directories of the kernel's file systems, one after another, in buffers that are kept: 36
 * KiB outside the heap.
 *
 * <p>A directory that cannot be read, because it is gone or forbidden, has no entries. Used by one
 * thread at a time.
 */
public final class DirectoryReader implements AutoCloseable {
  private static final int PATH_MAX = 4096; // include/uapi/linux/limits.h
  private static final int BUFFER_BYTES = 32 * 1024;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment path = arena.allocate(PATH_MAX);
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
  private final DirectoryEntries entries = new DirectoryEntries();
  private int fd = -1;
  private boolean refused;

  /** Turns to a directory; each character of the path is a byte. */
  public void open(String directory) {
    leave();
    refused = false;
    byte[] bytes = directory.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length >= PATH_MAX) {
      return;
    }
    MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, bytes.length);
    path.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
    fd = Libc.open(state, path);
    refused = fd < 0 && Errno.EACCES.is(Libc.errno(state));
  }

  /** Moves to the next entry, or returns false when there is none. */
  public boolean next() {
    while (!entries.next()) {
      long length = fd < 0 ? 0 : Libc.getdents64(state, fd, buffer);
      if (length <= 0) {
        leave();
        return false;
      }
      entries.wrap(buffer, length);
    }
    return true;
  }

  /** The entry that it has moved to. */
  public DirectoryEntries entry() {
    return entries;
  }

  /** Reads where the entry, a symbolic link, points to: readlinkat(2). */
  long readLink(MemorySegment target) {
    long length = Libc.readlinkat(state, fd, entries.pointer(), target);
    refused = length < 0 && Errno.EACCES.is(Libc.errno(state));
    return length;
  }

  /** Whether the directory that was opened last, or the link that was read last, is forbidden. */
  boolean isRefused() {
    return refused;
  }

  /** Leaves the directory, before its end or at it. */
  public void leave() {
    entries.wrap(buffer, 0);
    if (fd >= 0) {
      Libc.close(state, fd);
      fd = -1;
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      leave();
      arena.close();
    }
  }
}
