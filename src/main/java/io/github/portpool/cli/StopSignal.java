package io.github.portpool.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM or SIGINT, as the end of a day's work: the process then ends with 0.
 *
 * <p>Left alone, the JVM ends with 128 plus the signal's number, which systemd takes for a failure.
 */
final class StopSignal {
  private static final long CLOSING_SECONDS = 15;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Begins to listen for the signal; from now on the process ends when {@link #done} is said. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "portpool-stop"));
  }

  /** Waits for the signal for some time at most, and returns whether it came. */
  boolean await(Duration time) {
    try {
      return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Waits for the signal. */
  void await() {
    listen();
    try {
      requested.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that everything is closed. */
  void done() {
    done.countDown();
  }

  @SuppressWarnings("ThreadSystemExit") // the point of the class
  private void stop() {
    requested.countDown();
    try {
      boolean closed = done.await(CLOSING_SECONDS, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(closed ? 0 : PortpoolCommand.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
