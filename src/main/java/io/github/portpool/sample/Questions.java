package io.github.portpool.sample;

import io.github.portpool.lookup.LookupException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Questions that other threads ask and one thread answers, in between of its own work, so that what
 * it works with needs no locks.
 *
 * <p>A question that took a CPU time t is followed by a rest of 20 t, which bounds what strangers
 * can make the agent spend.
 */
final class Questions {
  private static final int MOST_WAITING = 16;
  private static final int REST = 20;
  private static final long PATIENCE_SECONDS = 10;
  private static final int RETRY_SECONDS = 5;

  private final BlockingQueue<FutureTask<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final LongSupplier cpuNanos;
  private volatile boolean closed;
  private long restUntil = System.nanoTime();

  /** No question yet; the CPU time is that of the answering thread. */
  Questions(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws LookupException when it does not come, or with what the question failed with
   */
  <T> T ask(Callable<T> question) throws LookupException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(question);
    if (closed || !waiting.offer(task)) {
      throw busy();
    }
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      task.cancel(false);
      throw busy();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LookupException failed) {
        throw failed;
      }
      throw new LookupException("the agent failed, please report it: " + e.getCause(), 0);
    }
  }

  private static LookupException busy() {
    return new LookupException("the agent is asked too much: ask again later", RETRY_SECONDS);
  }

  /**
   * Answers until a time of {@link System#nanoTime}, or until it is closed.
   *
   * @return whether to go on, because it is not closed
   */
  boolean answerUntil(long end) throws InterruptedException {
    long now = System.nanoTime();
    while (!closed && now - end < 0) {
      FutureTask<?> next = null;
      if (now - restUntil >= 0) {
        next = waiting.poll(end - now, TimeUnit.NANOSECONDS);
      } else {
        pause(Math.min(restUntil - now, end - now));
      }
      if (next != null) {
        answer(next);
      }
      now = System.nanoTime();
    }
    return !closed;
  }

  private void answer(FutureTask<?> question) {
    long before = cpuNanos.getAsLong();
    question.run();
    restUntil = System.nanoTime() + REST * (cpuNanos.getAsLong() - before);
  }

  private synchronized void pause(long nanos) throws InterruptedException {
    if (!closed) {
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
  }

  /** Lets whoever answers go. */
  synchronized void close() {
    closed = true;
    notifyAll();
    waiting.clear();
    if (!waiting.offer(new FutureTask<>(() -> {}, true))) {
      throw new IllegalStateException("an empty queue takes one");
    }
  }
}
