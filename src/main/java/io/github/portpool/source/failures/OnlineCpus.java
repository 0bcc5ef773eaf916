package io.github.portpool.source.failures;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.ProcFile;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CPUs that work now, {@code Documentation/admin-guide/cputopology.rst}. */
final class OnlineCpus implements AutoCloseable {
  private static final Path FILE = Path.of("/sys/devices/system/cpu/online");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

  private final ProcFile file;

  /** Opens the list. */
  OnlineCpus() throws SourceException {
    try {
      file = new ProcFile(FILE);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The list as it is now. */
  BitSet read() throws SourceException {
    try {
      return parse(file.read());
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads a list such as {@code 0-3,8}.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static BitSet parse(String text) {
    BitSet cpus = new BitSet();
    for (String range : text.strip().split(",", -1)) {
      Matcher ends = RANGE.matcher(range);
      if (!ends.matches()) {
        throw new IllegalArgumentException("not a list of CPUs");
      }
      int first = Integer.parseInt(ends.group(1));
      int last = ends.group(2) == null ? first : Integer.parseInt(ends.group(2));
      if (last < first) {
        throw new IllegalArgumentException("not a range of CPUs");
      }
      cpus.set(first, last + 1);
    }
    return cpus;
  }

  private static SourceException unreadable(Exception cause) {
    return new SourceException(
        Reason.SETTINGS,
        "cannot read "
            + FILE
            + " ("
            + Trouble.reason(cause)
            + "): mount /sys, and let the agent read it",
        cause);
  }

  @Override
  public void close() {
    file.close();
  }
}
