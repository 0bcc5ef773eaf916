package io.github.portpool;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Waits for what another thread, process or the kernel does. Three minutes end what hangs; they are
 * no bound of a time that anything may take.
 */
public final class Await {
  private static final long HANGS_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long LONGEST_PAUSE_MILLIS = 16;

  private Await() {}

  /** Returns when a condition holds. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long begun = System.nanoTime();
    long pause = 1;
    while (!condition.call()) {
      if (System.nanoTime() - begun > HANGS_NANOS) {
        throw new AssertionError("waited in vain until " + what);
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }
}
