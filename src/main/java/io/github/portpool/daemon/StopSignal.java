package io.github.portpool.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM or SIGINT, as the end of a day's work: the process then ends with 0.
 *
 * <p>Left alone, the JVM ends with 128 plus the signal's number, which systemd takes for a failure.
 * So it is where the work failed, and a process that ends without the signal has its own code.
 */
public final class StopSignal implements AutoCloseable {
  private static final long CLOSING_SECONDS = 15;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean orderly;

  /** Begins to listen for the signal; from now on the process ends when the work has ended. */
  public void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "portpool-stop"));
  }

  /** Waits for the signal for some time at most, and returns whether it came. */
  public boolean await(Duration time) {
    try {
      return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Says that everything is closed, and well. */
  public void done() {
    orderly = requested.getCount() == 0;
    ended.countDown();
  }

  /** Ends the work, which has failed unless it is {@link #done}. */
  @Override
  public void close() {
    ended.countDown();
  }

  @SuppressWarnings("ThreadSystemExit") // the point of the class
  private void stop() {
    requested.countDown();
    try {
      if (ended.await(CLOSING_SECONDS, TimeUnit.SECONDS) && orderly) {
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
