package io.github.portpool.sample;

import io.github.portpool.lookup.LookupException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions that other threads ask and one thread answers, in between of its own work, so that what
 * it works with needs no locks.
 *
 * <p>A question that took a CPU time t is followed by a rest of 20 t, which bounds what strangers
 * can make the agent spend. What costs next to nothing does not wait for it.
 */
final class Questions {
  private static final int MOST_WAITING = 16;
  private static final int REST = 20;
  private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PATIENCE_SECONDS = 10;

  private record Question(FutureTask<?> task, boolean cheap) {}

  private final LongSupplier cpuNanos;
  private final Deque<Question> waiting = new ArrayDeque<>();
  private boolean closed;
  private long restUntil = System.nanoTime();

  /** No question yet; the CPU time is that of the answering thread and of its helpers. */
  Questions(LongSupplier cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws LookupException when it does not come, or with what the question failed with
   */
  <T> T ask(Callable<T> question) throws LookupException, InterruptedException {
    return ask(new FutureTask<>(question), false);
  }

  /** Asks what costs next to nothing. */
  <T> T askCheaply(Callable<T> question) throws LookupException, InterruptedException {
    return ask(new FutureTask<>(question), true);
  }

  private <T> T ask(FutureTask<T> task, boolean cheap)
      throws LookupException, InterruptedException {
    if (!queue(new Question(task, cheap))) {
      throw LookupException.busy();
    }
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | CancellationException e) {
      throw LookupException.busy();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LookupException failed) {
        throw failed;
      }
      throw new LookupException("the agent failed, please report it: " + e.getCause(), 0);
    } finally {
      task.cancel(false);
    }
  }

  private synchronized boolean queue(Question question) {
    waiting.removeIf(each -> each.task().isDone());
    if (closed || waiting.size() == MOST_WAITING) {
      return false;
    }
    waiting.add(question);
    notifyAll();
    return true;
  }

  /**
   * Answers until a time of {@link System#nanoTime}, or until it is closed.
   *
   * @return whether to go on, because it is not closed
   */
  boolean answerUntil(long end) throws InterruptedException {
    for (Question next = next(end); next != null; next = next(end)) {
      long before = cpuNanos.getAsLong();
      next.task().run();
      if (!next.cheap()) {
        long rest = REST * (cpuNanos.getAsLong() - before);
        restUntil = System.nanoTime() + Math.min(rest, LONGEST_REST_NANOS);
      }
    }
    return !isClosed();
  }

  /** Waits for a question that may be answered now; null when the time has come. */
  private synchronized @Nullable Question next(long end) throws InterruptedException {
    for (long now = System.nanoTime(); !closed && now - end < 0; now = System.nanoTime()) {
      boolean resting = now - restUntil < 0;
      for (Iterator<Question> each = waiting.iterator(); each.hasNext(); ) {
        Question question = each.next();
        if (question.cheap() || !resting) {
          each.remove();
          return question;
        }
      }
      TimeUnit.NANOSECONDS.timedWait(
          this, Math.min(resting ? restUntil - now : end - now, end - now));
    }
    return null;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Lets whoever answers go, and whoever asks. */
  synchronized void close() {
    closed = true;
    waiting.forEach(question -> question.task().cancel(false));
    waiting.clear();
    notifyAll();
  }
}
