package io.github.portpool.export.micrometer;

import io.github.portpool.access.OpenSources;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSampler;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.Sampler;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Samples the network namespace of this process, all the time or on demand.
 *
 * <p>Always on one daemon thread of its own and never on that of a reader: an interrupt there would
 * close the files of /proc, a virtual thread knows no CPU time, and each thread that samples keeps
 * 64 KiB. Thread-safe.
 */
final class PoolSampling implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PortPoolMetrics.class.getName());
  private static final CpuBudget BUDGET = new CpuBudget(0.05);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSING_SECONDS = 15;

  /** A sample that was asked for, and when. */
  private record Flight(CompletableFuture<Boolean> published, long nanos) {
    long age() {
      return System.nanoTime() - nanos;
    }
  }

  private final HostSources sources;
  private final Sampler.Options options;
  private final boolean background;
  private final Consumer<PoolSample> listener;
  private final HostSampler sampler;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("portpool-sampler").daemon().factory());
  private volatile PoolSample last;
  private @Nullable Flight flight;
  private boolean closed;

  /**
   * A sampling that begins with a first sample.
   *
   * @param background whether it samples all the time, not on demand
   * @param listener hears of each sample, on the thread that took it
   */
  PoolSampling(
      Duration interval, boolean background, Bounds bounds, Consumer<PoolSample> listener) {
    this.options = new Sampler.Options(interval, BUDGET, bounds);
    this.background = background;
    this.listener = listener;
    this.sources = OpenSources.ofApplication(thread);
    this.sampler = new HostSampler(sources, options);
    this.last = seen(sampler.report());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    launch();
  }

  /** The last sample. */
  PoolSample last() {
    return last;
  }

  /** The sample that is being taken if that takes no more than a second, else the last one. */
  PoolSample current() {
    Flight now = flight();
    if (now != null) {
      try {
        long left = PATIENCE_NANOS - now.age();
        now.published().get(Math.max(0, left), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (TimeoutException | ExecutionException e) {
        LOG.log(Level.DEBUG, "no new sample", e);
      }
    }
    return last;
  }

  /** The flight that everybody waits for, a new one where one is due; null after {@link #close}. */
  private synchronized @Nullable Flight flight() {
    Flight now = flight;
    boolean due =
        now == null || (!background && now.published().isDone() && now.age() >= intervalNanos());
    return due ? launch() : now;
  }

  private synchronized @Nullable Flight launch() {
    if (!closed) {
      Flight next = new Flight(new CompletableFuture<>(), System.nanoTime());
      flight = next;
      thread.execute(() -> fly(next));
    }
    return flight;
  }

  private void fly(Flight flight) {
    sample(flight);
    flight.published().complete(true);
    if (background) {
      synchronized (this) {
        if (!closed) {
          long left = intervalNanos() - flight.age();
          var _ = thread.schedule(this::launch, left, TimeUnit.NANOSECONDS);
        }
      }
    }
  }

  private void sample(Flight flight) {
    try {
      SampleReport report = sampler.sample(options);
      if (last.report().lastGood() == null) {
        last = seen(report); // nobody waits for the names of the first
        flight.published().complete(true);
      }
      sampler.logChange();
      last = seen(sampler.nameOwners());
      listener.accept(last);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a sample was not published: " + e);
    }
  }

  /** What there is to show: before the first good sample, rows without a number. */
  private PoolSample seen(SampleReport report) {
    return report.lastGood() == null
        ? PoolSample.before(report, sampler.blank())
        : PoolSample.of(report);
  }

  private long intervalNanos() {
    return (long) (last.report().intervalSeconds() * 1e9);
  }

  /** Ends the thread after the sample that it may be taking, and closes what was open. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      thread.shutdown();
    }
    try {
      if (thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        sampler.close();
        sources.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
