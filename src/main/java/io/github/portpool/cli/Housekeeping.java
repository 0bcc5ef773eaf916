package io.github.portpool.cli;

import io.github.portpool.linux.FilePages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** What the main thread does while the agent works: it gives memory back now and then. */
final class Housekeeping {
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  private Housekeeping() {}

  /** Goes on until the signal. */
  static void until(StopSignal stop) {
    boolean possible = true;
    while (!stop.await(PAUSE)) {
      collect();
      possible = possible && giveBack();
    }
  }

  /** What has outlived a young collection stays until the heap is full, else: it only grows. */
  private static void collect() {
    System.gc();
  }

  private static boolean giveBack() {
    try {
      FilePages.giveBack();
      return true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no memory is given back: {0}", e.getMessage());
      return false;
    }
  }
}
