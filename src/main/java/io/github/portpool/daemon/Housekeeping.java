package io.github.portpool.daemon;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.FilePages;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * What the main thread does while the agent works: it gives memory back, first what only the start
 * needed, then each few minutes, and sooner when the heap grows.
 *
 * <p>The collector itself would let the heap become full before it looks at its old objects.
 */
public final class Housekeeping {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int MOST_PAUSES = 10;
  private static final long GROWTH_BYTES = 2L << 20;

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  private int pauses = MOST_PAUSES;
  private long heapBytes;

  private Housekeeping() {}

  /** Goes on until the signal. */
  public static void until(StopSignal stop) {
    Housekeeping keeping = new Housekeeping();
    while (!stop.await(PAUSE)) {
      keeping.look();
    }
  }

  private void look() {
    pauses++;
    if (pauses >= MOST_PAUSES) {
      collect();
      giveBack();
      pauses = 0;
    } else if (Runtime.getRuntime().totalMemory() > heapBytes + GROWTH_BYTES) {
      collect();
    }
  }

  private void collect() {
    System.gc();
    heapBytes = Runtime.getRuntime().totalMemory();
  }

  private static void giveBack() {
    try {
      FilePages.giveBack();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no memory is given back: {0}", Trouble.reason(e));
    }
  }
}
