package io.github.portpool.linux.netlink;

import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;

/** Reads that are tried again when what made them fail may pass by itself. */
public final class Attempts {
  private static final int MOST = 3;

  /** One attempt. */
  @FunctionalInterface
  public interface Attempt {
    /** Reads everything, from the beginning. */
    void read() throws SourceException;
  }

  private Attempts() {}

  /**
   * Reads up to three times.
   *
   * @throws SourceException the failure that does not pass, or the third
   */
  public static void make(Attempt attempt) throws SourceException {
    for (int number = 1; ; number++) {
      try {
        attempt.read();
        return;
      } catch (SourceException e) {
        boolean passing = e.reason() == Reason.INTERRUPTED || e.reason() == Reason.NO_BUFFERS;
        if (!passing || number == MOST) {
          throw e;
        }
      }
    }
  }
}
