package io.github.portpool.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of /proc/sys that were asked for.
 *
 * <p>It opens each file once, so that a host without free file descriptors can still be sampled.
 */
public final class SysctlFiles implements AutoCloseable {
  private final Map<String, Optional<ProcFile>> files = new HashMap<>();

  /**
   * The text of a sysctl such as {@code net/ipv4/tcp_tw_reuse}, or empty where the kernel has none.
   *
   * @throws IOException when it is there and cannot be read
   */
  public Optional<String> read(String name) throws IOException {
    Optional<ProcFile> file = files.get(name);
    if (file == null) {
      file = open(name);
      files.put(name, file);
    }
    return file.isEmpty() ? Optional.empty() : Optional.of(file.get().read());
  }

  /**
   * Whether root may change settings here: containers mostly have /proc/sys mounted read-only,
   * proc_pid_mountinfo(5).
   */
  public static boolean areWritable() {
    String mountPoint = "";
    boolean writable = true;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/thread-self/mountinfo"))) {
        String[] fields = line.split(" ", 7);
        // Of two mounts on one place, the later one is seen.
        if (Path.of("/proc/sys/net/ipv4").startsWith(fields[4])
            && fields[4].length() >= mountPoint.length()) {
          mountPoint = fields[4];
          writable = !List.of(fields[5].split(",")).contains("ro");
        }
      }
    } catch (IOException e) {
      return true;
    }
    return writable;
  }

  private static Optional<ProcFile> open(String name) throws IOException {
    try {
      return Optional.of(new ProcFile(Path.of("/proc/sys", name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    for (Optional<ProcFile> file : files.values()) {
      file.ifPresent(ProcFile::close);
    }
  }
}
