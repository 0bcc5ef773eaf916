package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over one block of directory entries, getdents64(2).
 *
 * <pre>
 * struct linux_dirent64 { u64 d_ino; s64 d_off; u16 d_reclen; u8 d_type; char d_name[]; };
 * </pre>
 *
 * <p>It never reads beyond the block; what is not a whole entry ends it. For one thread.
 */
public final class DirectoryEntries {
  private static final int RECORD_LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;
  private static final byte DT_DIR = 4; // include/linux/fs_types.h
  private static final int MOST_DIGITS = 9;

  private MemorySegment block = MemorySegment.NULL;
  private long limit;
  private long next;
  private long at;

  DirectoryEntries() {}

  /** Starts with the first entry of a block of {@code bytes} bytes. */
  void wrap(MemorySegment entries, long bytes) {
    block = entries;
    limit = Math.min(bytes, entries.byteSize());
    next = 0;
  }

  /** Moves to the next entry, or returns false when there is none. */
  boolean next() {
    if (limit - next <= NAME) {
      return false;
    }
    int length = Short.toUnsignedInt(block.get(JAVA_SHORT_UNALIGNED, next + RECORD_LENGTH));
    if (length <= NAME || length > limit - next) {
      return false;
    }
    at = next;
    next += length;
    return true;
  }

  /** d_ino. */
  public long inode() {
    return block.get(JAVA_LONG_UNALIGNED, at);
  }

  /** Whether d_type says that it is a directory; {@code .} and {@code ..} are there, too. */
  public boolean isDirectory() {
    return block.get(JAVA_BYTE, at + TYPE) == DT_DIR;
  }

  /** Where d_name begins, which ends with a zero. */
  MemorySegment pointer() {
    return block.asSlice(at + NAME);
  }

  /** The name, each byte a character. */
  public String name() {
    long end = at + NAME;
    while (end < next && block.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] bytes = block.asSlice(at + NAME, end - at - NAME).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The name as a decimal number of at most nine digits, or -1 when it is something else. */
  public int number() {
    int number = 0;
    for (long digit = at + NAME; digit < next; digit++) {
      int value = block.get(JAVA_BYTE, digit);
      if (value == 0 && digit > at + NAME) {
        return number;
      }
      if (value < '0' || value > '9' || digit - at - NAME == MOST_DIGITS) {
        return -1;
      }
      number = number * 10 + value - '0';
    }
    return -1;
  }
}
