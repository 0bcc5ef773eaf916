package io.github.portpool.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The pages of programs and archives that this process has mapped: madvise(2), MADV_DONTNEED.
 *
 * <p>Most of a JVM's code is needed to start and never again, and the kernel maps 64 KiB around
 * each byte that is touched. Given back, pages that are needed after all come from the page cache.
 */
public final class FilePages {
  /** {@code include/uapi/asm-generic/mman-common.h}. */
  private static final int MADV_DONTNEED = 4;

  private static final long SMALLEST_BYTES = 1 << 20;

  /** A part of the address space, as proc_pid_smaps(5) has it. */
  private record Mapping(long start, long end) {}

  private FilePages() {}

  /**
   * Gives back the pages of large mappings of files that cannot be written to and of which no page
   * is the process's own copy; nothing is lost.
   *
   * @throws IOException when /proc does not show them, or the kernel refuses
   */
  public static void giveBack() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
      for (Mapping each : clean()) {
        long length = each.end() - each.start();
        Libc.check(
            "madvise(MADV_DONTNEED)",
            state,
            Libc.madvise(state, each.start(), length, MADV_DONTNEED));
      }
    }
  }

  private static List<Mapping> clean() throws IOException {
    List<Mapping> clean = new ArrayList<>();
    try (BufferedReader smaps = Files.newBufferedReader(Path.of("/proc/self/smaps"))) {
      Mapping mapping = null;
      for (String line = smaps.readLine(); line != null; line = smaps.readLine()) {
        if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
          mapping = line.matches("\\S+ r-[-x]p \\S+ \\S+ \\S+ +/.*") ? mapping(line) : null;
        } else if (line.matches("(Anonymous|Swap|Locked):.*") && !line.matches("\\S+ +0 kB")) {
          mapping = null; // pages of its own, which would be lost
        } else if (line.startsWith("VmFlags:") && mapping != null) {
          clean.add(mapping);
        }
      }
    }
    clean.removeIf(mapping -> mapping.end() - mapping.start() < SMALLEST_BYTES);
    return clean;
  }

  private static Mapping mapping(String line) {
    String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
    return new Mapping(
        HexFormat.fromHexDigitsToLong(ends[0]), HexFormat.fromHexDigitsToLong(ends[1]));
  }
}
