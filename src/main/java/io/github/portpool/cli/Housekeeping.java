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
      possible = possible && giveBack();
    }
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
