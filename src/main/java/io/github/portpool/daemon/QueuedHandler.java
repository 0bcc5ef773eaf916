package io.github.portpool.daemon;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Standard error, for which nobody who logs has to wait: a thread that is there while there is
 * something to write does. Where it is stuck, for example in a pipe that nobody reads, 1,000 lines
 * wait, and what comes after them is lost and counted. Safe for many threads.
 */
final class QueuedHandler extends Handler {
  private static final int MOST_LINES = 1000;
  private static final long IDLE_SECONDS = 5;
  private static final long FLUSH_SECONDS = 1;

  private final AtomicLong lost = new AtomicLong();
  private final ThreadPoolExecutor writer =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_LINES),
          Thread.ofPlatform().name("portpool-log").daemon().factory());

  /** A handler of lines that a formatter makes, each with its end. */
  QueuedHandler(Formatter formatter) {
    setFormatter(formatter);
    writer.allowCoreThreadTimeOut(true);
  }

  @Override
  public void publish(LogRecord entry) {
    String line = getFormatter().format(entry);
    try {
      writer.execute(() -> write(line));
    } catch (RejectedExecutionException e) {
      lost.incrementAndGet();
    }
  }

  private void write(String line) {
    System.err.print(line);
    System.err.flush();
    long missing = lost.getAndSet(0);
    if (missing > 0) {
      String sentence = missing + " lines were lost, for standard error was stuck";
      System.err.print(getFormatter().format(new LogRecord(Level.WARNING, sentence)));
      System.err.flush();
    }
  }

  /** Waits until what was logged so far is written, for a second at most. */
  @Override
  public void flush() {
    try {
      writer.submit(() -> {}).get(FLUSH_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RejectedExecutionException | TimeoutException e) {
      // It is stuck, and nothing can be said.
    }
  }

  @Override
  public void close() {
    flush();
  }
}
