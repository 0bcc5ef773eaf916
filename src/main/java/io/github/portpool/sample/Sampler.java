package io.github.portpool.sample;

import io.github.portpool.pool.Peak;
import io.github.portpool.pool.PoolUsage;
import io.github.portpool.pool.PortPool;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.Feature;
import io.github.portpool.table.Protocol;
import io.github.portpool.table.SocketTable;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Samples a source on one thread of its own and publishes a report after each attempt.
 *
 * <p>{@link #report} may be called from any thread. A failing sample leaves the last good snapshot
 * in place, is counted, and is logged once per change of the error.
 */
public final class Sampler implements AutoCloseable {
  /** The number of destinations that are counted exactly; 4 MB at most. */
  public static final int MAX_DESTINATIONS = 65_536;

  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
  private static final long PEAK_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final Map<Feature, String> NOT_SAMPLED =
      Map.of(
          Feature.CONNECT_FAILURES, "this version does not count refused connect() calls",
          Feature.NAMESPACES, "this version reads its own network namespace alone",
          Feature.PROCESSES, "this version does not look for the processes of sockets",
          Feature.CGROUPS, "this version does not look for the control groups of sockets",
          Feature.CONNTRACK, "this version does not read the NAT table");

  /**
   * How to sample.
   *
   * @param interval the time between the starts of two samples
   * @param budget the CPU time they may take
   * @param topDestinations how many destinations of each protocol are named
   * @param netns the name of the network namespace that the source reads
   */
  public record Options(Duration interval, CpuBudget budget, int topDestinations, String netns) {}

  /** What is remembered of a protocol from one sample to the next. */
  private record Memory(TopDestinations top, Peak worstUsed) {}

  private final SocketSource source;
  private final Options options;
  private final SocketTable table = new SocketTable(MAX_DESTINATIONS);
  private final Map<Protocol, Memory> memories = new EnumMap<>(Protocol.class);
  private final Map<Reason, Long> errors = new EnumMap<>(Reason.class);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "portpool-sampler");
  private long cpuNanosTotal;
  private long intervalNanos;
  private final Set<Feature> saidUnavailable = EnumSet.noneOf(Feature.class);
  private String loggedFailure = "";
  private volatile SampleReport report;

  /** A sampler that {@link #start} sets going; the source stays the caller's to close. */
  public Sampler(SocketSource source, Options options) {
    this.source = source;
    this.options = options;
    this.intervalNanos = options.interval().toNanos();
    for (Protocol protocol : Protocol.values()) {
      memories.put(
          protocol,
          new Memory(new TopDestinations(options.topDestinations()), new Peak(PEAK_NANOS)));
    }
    for (Reason reason : Reason.values()) {
      errors.put(reason, 0L);
    }
    this.report = report(null, "no sample yet", 0);
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
      long wait;
      do {
        sampleOrGoOn();
        start += intervalNanos;
        wait = start - System.nanoTime();
        if (wait < 0) {
          start -= wait;
        }
      } while (!stopping.await(wait, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Without memory not even a failure can be published: the age of the last sample shows it. */
  private void sampleOrGoOn() {
    try {
      sample();
    } catch (RuntimeException | Error e) {
      count(Reason.INTERNAL);
    }
  }

  /** Takes one sample now, on this thread, and publishes the report of it. */
  public SampleReport sample() {
    Instant time = Instant.now();
    long start = System.nanoTime();
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    Snapshot lastGood = report.lastGood();
    String message = "";
    try {
      source.read(table);
      lastGood = snapshot(time, start);
    } catch (SourceException e) {
      count(e.reason());
      message = e.sentence();
    } catch (RuntimeException | Error e) {
      count(Reason.INTERNAL);
      message = "the agent failed, please report it: " + e;
    }
    long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuStart;
    cpuNanosTotal += cpuNanos;
    intervalNanos = options.budget().intervalNanos(options.interval().toNanos(), cpuNanos);
    SampleReport next = report(lastGood, message, System.nanoTime() - start);
    logChange(next.message());
    logUnavailable(next.unavailable());
    report = next;
    return next;
  }

  private SampleReport report(@Nullable Snapshot lastGood, String message, long durationNanos) {
    return new SampleReport(
        source.name(),
        options.netns(),
        unavailable(),
        lastGood,
        message.isEmpty(),
        message,
        seconds(durationNanos),
        seconds(cpuNanosTotal),
        seconds(intervalNanos),
        errors());
  }

  private Snapshot snapshot(Instant time, long nanos) {
    Map<Protocol, PoolUsage> pools = new EnumMap<>(Protocol.class);
    Map<Protocol, Integer> worstUsedPeaks = new EnumMap<>(Protocol.class);
    memories.forEach((protocol, memory) -> {
      PoolUsage pool = PortPool.usage(table, protocol, memory.top());
      pools.put(protocol, pool);
      worstUsedPeaks.put(protocol, memory.worstUsed().add(nanos, pool.worst().used()));
    });
    return new Snapshot(
        time,
        options.netns(),
        table.range(),
        table.settings(),
        Collections.unmodifiableMap(pools),
        Collections.unmodifiableMap(worstUsedPeaks),
        table.destinations().untracked(),
        table.sockets());
  }

  private void count(Reason reason) {
    errors.merge(reason, 1L, Long::sum);
  }

  private void logChange(String message) {
    // A message that names another number each time is still the same.
    String failure = message.replaceAll("\\d+", "");
    if (!failure.equals(loggedFailure)) {
      LOG.log(
          message.isEmpty() ? Level.INFO : Level.WARNING,
          message.isEmpty() ? "sampling works again" : "no sample: " + message);
      loggedFailure = failure;
    }
  }

  private void logUnavailable(Map<Feature, String> unavailable) {
    unavailable.forEach((feature, reason) -> {
      if (saidUnavailable.add(feature)) {
        LOG.log(Level.INFO, "not available: {0}: {1}", feature.label(), reason);
      }
    });
  }

  private Map<Feature, String> unavailable() {
    Map<Feature, String> unavailable = new EnumMap<>(NOT_SAMPLED);
    unavailable.putAll(source.unavailable());
    return Collections.unmodifiableMap(unavailable);
  }

  private Map<String, Long> errors() {
    Map<String, Long> labelled = new LinkedHashMap<>();
    errors.forEach((reason, count) -> labelled.put(reason.label(), count));
    return Collections.unmodifiableMap(labelled);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** Ends the thread after the sample that it may be taking. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
