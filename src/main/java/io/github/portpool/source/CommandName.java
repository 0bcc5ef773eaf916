package io.github.portpool.source;

import io.github.portpool.host.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The names of processes as in /proc/PID/comm, proc_pid_comm(5): each chooses its own. */
public final class CommandName {
  private static final int MOST_BYTES = 15; // TASK_COMM_LEN; of a kernel thread there may be more
  private static final int MOST_BYTES_OF_ANY = 64;
  private static final int MOST_CHARACTERS = 6 * MOST_BYTES; // each escaped

  private CommandName() {}

  /** The name of a process as one line of text, or empty when the process is gone. */
  public static Optional<String> of(int pid) {
    try (InputStream comm = Files.newInputStream(Path.of("/proc/" + pid + "/comm"))) {
      return Optional.of(printable(comm.readNBytes(MOST_BYTES_OF_ANY)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The name that a process has which was started as {@code program}: the kernel cuts it. */
  public static String cut(String program) {
    byte[] bytes = program.getBytes(StandardCharsets.UTF_8);
    return printable(Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** What /proc/PID/comm holds, any bytes and a line feed, as one line of text. */
  static String printable(byte[] comm) {
    int length = Math.clamp(comm.length - 1L, 0, MOST_BYTES);
    return Printable.of(new String(comm, 0, length, StandardCharsets.UTF_8), MOST_CHARACTERS);
  }
}
