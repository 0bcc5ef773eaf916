package io.github.portpool.daemon;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.FilePages;
import io.github.portpool.linux.NativeHeap;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * What the main thread does while the agent works: it looks whether the server answers, and gives
 * memory back, first what only the start needed, then each few minutes, and sooner when the heap
 * grows.
 *
 * <p>The collector itself would let the heap become full before it looks at its old objects.
 */
public final class Housekeeping {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration EACH = Duration.ofMinutes(5);
  private static final long GROWTH_BYTES = 2L << 20;

  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  private long cleaned = System.nanoTime() - EACH.minus(PAUSE).toNanos();
  private long heapBytes = Long.MAX_VALUE - GROWTH_BYTES;

  private Housekeeping() {}

  /** Goes on until the signal. */
  public static void until(StopSignal stop, ServiceManager manager, SelfCheck server) {
    Housekeeping keeping = new Housekeeping();
    manager.ask(server);
    Duration pause = PAUSE.compareTo(manager.pulse()) < 0 ? PAUSE : manager.pulse();
    while (!stop.await(pause)) {
      manager.ask(server);
      keeping.look();
    }
  }

  private void look() {
    long now = System.nanoTime();
    if (now - cleaned >= EACH.toNanos()) {
      collect();
      giveBack();
      cleaned = now;
    } else if (Runtime.getRuntime().totalMemory() > heapBytes + GROWTH_BYTES) {
      collect();
    }
  }

  private void collect() {
    System.gc();
    heapBytes = Runtime.getRuntime().totalMemory();
  }

  private static void giveBack() {
    NativeHeap.trim();
    try {
      FilePages.giveBack();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no memory is given back: {0}", Trouble.reason(e));
    }
  }
}
