package io.github.portpool.export.web.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many requests are answered at once, in all and for one client address: an answer stays in
 * memory until it is read, and those who do not read theirs keep only their own address waiting.
 * Thread-safe.
 */
final class AnswerSlots {
  private static final int ALL = 64;
  private static final int EACH = 16;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<InetAddress, Integer> taken = new HashMap<>();
  private int all;

  /** Takes one as soon as there is one; returns false when that takes too long. */
  synchronized boolean take(InetAddress client) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (all >= ALL || taken.getOrDefault(client, 0) >= EACH) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    all++;
    taken.merge(client, 1, Integer::sum);
    return true;
  }

  /** Gives one back that was taken. */
  synchronized void giveBack(InetAddress client) {
    all--;
    taken.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }
}
