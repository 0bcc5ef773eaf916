package io.github.portpool.export.web.pages;

import io.github.portpool.export.web.pages.Agent.PortQuestion;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.PortReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Questions about ports that go on when whoever asked has been told to come again, and finds the
 * answer then; who asks for the same port waits for the same answer. At most 16 at a time.
 * Thread-safe.
 */
final class PatientPorts {
  private static final int MOST = 16;
  private static final long PATIENCE_MILLIS = 350;
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Asked(int port, long nanos, FutureTask<PortReport> answer) {
    boolean isOld(long now) {
      return answer.isDone() && now - nanos > KEPT_NANOS;
    }
  }

  private final PortQuestion question;
  private final List<Asked> asked = new ArrayList<>();

  PatientPorts(PortQuestion question) {
    this.question = question;
  }

  /**
   * The answer, or nothing when it is not there within a moment: whoever comes again gets it.
   *
   * @throws LookupException when there will be none
   */
  Optional<PortReport> ask(int port) throws LookupException, InterruptedException {
    Asked mine = begin(port);
    try {
      PortReport report = mine.answer().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      end(mine);
      return Optional.of(report);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      end(mine);
      if (e.getCause() instanceof LookupException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private synchronized Asked begin(int port) throws LookupException {
    long now = System.nanoTime();
    asked.removeIf(each -> each.isOld(now));
    for (Asked each : asked) {
      if (each.port() == port) {
        return each;
      }
    }
    if (asked.size() == MOST) {
      throw LookupException.busy();
    }
    Asked next = new Asked(port, now, new FutureTask<>(() -> question.ask(port)));
    asked.add(next);
    Thread.ofPlatform().daemon().name("portpool-question").start(next.answer());
    return next;
  }

  private synchronized void end(Asked mine) {
    asked.remove(mine);
  }
}
