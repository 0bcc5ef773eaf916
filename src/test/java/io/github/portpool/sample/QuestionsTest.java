package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.lookup.LookupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private final AtomicLong cpuNanos = new AtomicLong();
  private final Questions questions = new Questions(cpuNanos::get);
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void endThreads() throws InterruptedException {
    questions.close();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private Thread start(Runnable work) {
    Thread thread = new Thread(work);
    threads.add(thread);
    thread.start();
    return thread;
  }

  private Thread answer() {
    return start(() -> {
      try {
        while (questions.answerUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(1))) {
          Thread.onSpinWait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Test
  void answersOnTheOneThread() throws Exception {
    Thread answering = answer();
    assertSame(answering, questions.ask(Thread::currentThread));
  }

  @Test
  void passesFailuresOn() {
    answer();
    LookupException failure = new LookupException("no way", 3);
    assertSame(
        failure,
        assertThrows(
            LookupException.class,
            () ->
                questions.ask(() -> {
                  throw failure;
                })));
    LookupException defect =
        assertThrows(
            LookupException.class,
            () ->
                questions.ask(() -> {
                  throw new IllegalStateException("oh");
                }));
    assertTrue(defect.message().contains("please report"), defect.message());
  }

  @Test
  void restsAfterAnExpensiveQuestion() throws Exception {
    answer();
    long before = System.nanoTime();
    questions.ask(() -> cpuNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(20)));
    questions.ask(() -> 1);
    assertTrue(System.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(400));
  }

  @Test
  void whatIsCheapDoesNotWaitForTheRest() throws Exception {
    answer();
    questions.ask(() -> cpuNanos.addAndGet(TimeUnit.HOURS.toNanos(1)));
    assertEquals(1, questions.askCheaply(() -> 1));
  }

  @Test
  void returnsInTimeWithoutAQuestion() throws Exception {
    assertTrue(questions.answerUntil(System.nanoTime() + 1_000_000));
    assertTrue(questions.answerUntil(System.nanoTime() - 1));
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    CountDownLatch waiting = new CountDownLatch(16);
    for (int i = 0; i < 16; i++) {
      start(() -> {
        waiting.countDown();
        assertThrows(Exception.class, () -> questions.ask(() -> 1));
      });
    }
    waiting.await();
    while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
    LookupException refused = assertThrows(LookupException.class, () -> questions.ask(() -> 1));
    assertTrue(refused.retrySeconds() > 0);
    threads.forEach(Thread::interrupt);
  }

  @Test
  void closingLetsThoseGoWhoAsk() throws Exception {
    Thread asking = start(() -> assertThrows(LookupException.class, () -> questions.ask(() -> 1)));
    while (asking.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    questions.close();
    assertTrue(asking.join(Duration.ofSeconds(60)));
  }

  @Test
  void endsAtOnceWhenClosed() throws Exception {
    Thread answering = answer();
    questions.close();
    answering.join();
    assertFalse(questions.answerUntil(System.nanoTime() + TimeUnit.HOURS.toNanos(1)));
    assertThrows(LookupException.class, () -> questions.ask(() -> 1));
  }
}
