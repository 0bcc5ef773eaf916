package io.github.portpool.sample;

import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.SocketsReport;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.SocketTable;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Samples a host on one thread of its own and publishes a report after each attempt.
 *
 * <p>{@link #report} may be called from any thread.
 */
public final class Sampler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());

  /**
   * How to sample.
   *
   * @param interval the time between the starts of two samples
   * @param budget the CPU time they may take
   * @param bounds how many series it may make
   */
  public record Options(Duration interval, CpuBudget budget, Bounds bounds) {}

  private final OwnerSource owners;
  private final NamespaceSource namespaces;
  private final SampleWatch watch;
  private final PortMemory memory;
  private final HostSampler host;
  private final PortLookup lookup;
  private final Trend trend = new Trend();
  private final Questions questions;
  private final Thread thread = new Thread(this::run, "portpool-sampler");
  private final UnseenLine unseen = new UnseenLine();
  private volatile Options options;
  private volatile SampleReport report;
  private volatile @Nullable PortMap map;

  /**
   * A sampler that {@link #start} sets going; the sources stay the caller's to close.
   *
   * @param owners answers questions about single ports, at once
   */
  public Sampler(HostSources sources, Options options, SampleWatch watch, OwnerSource owners) {
    this.owners = owners;
    this.namespaces = sources.namespaces();
    this.options = options;
    this.watch = watch;
    SocketTable table = new SocketTable();
    this.memory = new PortMemory(table);
    this.host = new HostSampler(sources, options, watch, table, memory::read);
    this.questions = new Questions(host::cpuNanos);
    this.lookup = new PortLookup(sources.sockets(), sources.namespaces(), owners, false);
    this.report = host.report();
    thread.setDaemon(true);
  }

  /** Starts the thread that samples until {@link #close}. */
  public void start() {
    thread.start();
  }

  /** The outcome of the last attempt. */
  public SampleReport report() {
    return report;
  }

  private void run() {
    try {
      long start = System.nanoTime();
      do {
        sampleOrGoOn();
        start = Math.max(start + host.intervalNanos(), System.nanoTime());
      } while (answerUntil(start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers questions until the next sample, and says meanwhile that the thread is not stuck. */
  private boolean answerUntil(long end) throws InterruptedException {
    boolean more = true;
    for (long now = System.nanoTime(); more && now - end < 0; now = System.nanoTime()) {
      watch.alive();
      more = questions.answerUntil(now + Math.min(watch.pulse().toNanos() / 2, end - now));
    }
    return more;
  }

  /**
   * Changes how it samples, from the next sample on.
   *
   * @param interval the time between the starts of two samples
   * @param budget the CPU time they may take
   */
  public void change(Duration interval, CpuBudget budget) {
    options = new Options(interval, budget, options.bounds());
  }

  /** Without memory not even a failure can be published: the age of the last sample shows it. */
  private void sampleOrGoOn() {
    try {
      sample();
    } catch (RuntimeException | Error e) {
      host.countDefect();
    }
  }

  /** Takes one sample now, on this thread, and publishes the report of it. */
  public SampleReport sample() {
    host.sample(options);
    SampleReport next = host.nameOwners();
    host.logChange();
    String line = unseen.of(next.unavailable());
    if (!line.isEmpty()) {
      LOG.log(Level.INFO, line);
    }
    report = next;
    remember(next);
    watch.sampled(next);
    return next;
  }

  private void remember(SampleReport next) {
    Snapshot snapshot = next.lastGood();
    if (snapshot != null && next.success()) {
      trend.add(snapshot, System.nanoTime(), host.failedConnects());
    }
  }

  /**
   * What the last good sample saw on each port.
   *
   * @throws LookupException when there was none yet, or the agent is asked too much
   */
  public PortMap map() throws LookupException, InterruptedException {
    Snapshot snapshot = report.lastGood();
    PortMap last = map;
    if (snapshot == null) {
      throw new LookupException("there was no sample yet: ask again", 1);
    }
    if (last == null || !last.time().equals(snapshot.time())) {
      last = questions.askCheaply(() -> memory.map(snapshot.time()));
      map = last;
    }
    return last;
  }

  /**
   * What is on a port now, of all that the agent reads, and what it remembers of it.
   *
   * @throws LookupException when it cannot be read, or the agent is asked too much
   */
  public PortReport lookUp(int port) throws LookupException, InterruptedException {
    return look(() -> lookup.lookUp(port).withHistory(memory.of(port, namespaces.own(), owners)));
  }

  /**
   * Who listens now, in all that the agent reads.
   *
   * @throws LookupException when it cannot be read, or the agent is asked too much
   */
  public SocketsReport listeners() throws LookupException, InterruptedException {
    return look(lookup::listeners);
  }

  /** A look at the sockets of this moment. */
  @FunctionalInterface
  private interface Look<T> {
    T look() throws SourceException;
  }

  private <T> T look(Look<T> look) throws LookupException, InterruptedException {
    return questions.ask(() -> {
      try {
        return look.look();
      } catch (SourceException e) {
        throw new LookupException(e.message(), 0);
      }
    });
  }

  /** The last hour, the oldest point first. */
  public List<TrendPoint> trend() {
    return trend.points();
  }

  /** Ends the thread after the sample that it may be taking. */
  @Override
  public void close() {
    questions.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      host.close();
    }
  }
}
