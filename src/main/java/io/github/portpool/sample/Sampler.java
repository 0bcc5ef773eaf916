package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.Feature;
import io.github.portpool.table.SocketTable;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Samples a host on one thread of its own and publishes a report after each attempt.
 *
 * <p>{@link #report} may be called from any thread.
 */
public final class Sampler implements AutoCloseable {
  /** The number of destinations that are counted exactly; 4 MB at most. */
  public static final int MAX_DESTINATIONS = 65_536;

  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * How to sample.
   *
   * @param interval the time between the starts of two samples
   * @param budget the CPU time they may take
   * @param bounds how many series it may make
   */
  public record Options(Duration interval, CpuBudget budget, Bounds bounds) {}

  private final HostSources sources;
  private final SampleWatch watch;
  private final SocketTable table = new SocketTable(MAX_DESTINATIONS);
  private final SampleErrors errors = new SampleErrors();
  private final NamespaceSampler host;
  private final @Nullable OtherNamespaces others;
  private final @Nullable ConntrackWatch conntrack;
  private final NatDumps natDumps = new NatDumps();
  private final PortMemory memory = new PortMemory(table);
  private final PortLookup lookup;
  private final Trend trend = new Trend();
  private final Questions questions = new Questions(this::cpuNanos);
  private final Thread thread = new Thread(this::run, "portpool-sampler");
  private final Set<Feature> saidUnavailable = EnumSet.noneOf(Feature.class);
  private final CulpritNames culpritNames = new CulpritNames(this::namespaceName, this::path);
  private @Nullable ConnectFailures failures;
  private List<FailedConnects> culprits = List.of();
  private List<NamespaceReport> rest = List.of();
  private OwnerNames owners = OwnerNames.NONE;
  private long cpuNanosTotal;
  private volatile Options options;
  private long intervalNanos;
  private volatile SampleReport report;
  private volatile @Nullable PortMap map;

  /** A sampler that nobody watches. */
  public Sampler(HostSources sources, Options options) {
    this(sources, options, SampleWatch.NOBODY);
  }

  /** A sampler that {@link #start} sets going; the sources stay the caller's to close. */
  public Sampler(HostSources sources, Options options, SampleWatch watch) {
    this.sources = sources;
    this.options = options;
    this.watch = watch;
    this.intervalNanos = options.interval().toNanos();
    this.host = new NamespaceSampler(NamespaceSource.HOST, options.bounds(), errors);
    NamespaceSource namespaces = sources.namespaces();
    this.others =
        namespaces == null
            ? null
            : new OtherNamespaces(namespaces, options.bounds(), errors, watch::alive);
    ConntrackSource tracking = sources.conntrack();
    this.conntrack = tracking == null ? null : new ConntrackWatch(tracking, errors);
    this.lookup = newLookup(sources);
    this.report = newReport();
    thread.setDaemon(true);
  }

  private static PortLookup newLookup(HostSources sources) {
    Map<Feature, String> missing = new EnumMap<>(Feature.class);
    String reason = sources.unavailable().get(Feature.NAMESPACES);
    if (reason != null) {
      missing.put(Feature.NAMESPACES, reason);
    }
    return new PortLookup(sources.sockets(), sources.namespaces(), sources.lookupOwners(), missing);
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
        start = Math.max(start + intervalNanos, System.nanoTime());
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
      errors.count(Reason.INTERNAL);
    }
  }

  /** Takes one sample now, on this thread, and publishes the report of it. */
  public SampleReport sample() {
    long cpuStart = cpuNanos();
    host.sample(into -> memory.read(sources.sockets()), table);
    watch.alive();
    apart(() -> rest = sampleOthers(cpuStart));
    long sampleNanos = cpuNanos() - cpuStart;
    apart(this::readFailures);
    // The walks of these two have budgets of their own, and do not make samples come less often.
    apart(this::readConntrack);
    apart(() -> owners = OwnerNames.of(sources.owners(), snapshots()));
    cpuNanosTotal += cpuNanos() - cpuStart;
    intervalNanos = options.budget().intervalNanos(options.interval().toNanos(), sampleNanos);
    SampleReport next = newReport();
    host.logChange();
    logUnavailable(next.unavailable());
    report = next;
    remember(next);
    watch.sampled(next);
    return next;
  }

  private void remember(SampleReport next) {
    Snapshot snapshot = next.lastGood();
    if (snapshot != null && next.success()) {
      long refused = failures == null ? 0 : failures.ipv4() + failures.ipv6();
      trend.add(snapshot, System.nanoTime(), refused);
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
    return questions.ask(() -> {
      try {
        return lookup.lookUp(port).withHistory(memory.of(port, sources.lookupOwners()));
      } catch (SourceException e) {
        throw new LookupException(e.sentence(), 0);
      }
    });
  }

  /** The last hour, the oldest point first. */
  public List<TrendPoint> trend() {
    return trend.points();
  }

  /** Whatever one part of the host does to the agent, the others are published all the same. */
  private void apart(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      errors.count(Reason.INTERNAL);
    }
  }

  private List<NamespaceReport> sampleOthers(long cpuStart) {
    if (others == null) {
      return List.of();
    }
    long allowed = options.budget().nanos(options.interval().toNanos());
    return others.sample(table, () -> allowed - (cpuNanos() - cpuStart));
  }

  private long cpuNanos() {
    NamespaceSource namespaces = sources.namespaces();
    return THREADS.getCurrentThreadCpuTime() + (namespaces == null ? 0 : namespaces.cpuNanos());
  }

  private void readConntrack() {
    List<ConntrackWatch> all = new ArrayList<>(others == null ? List.of() : others.conntracks());
    if (conntrack != null) {
      all.add(conntrack);
    }
    all.forEach(ConntrackWatch::read);
    if (sources.natDumps()) {
      natDumps.next(all);
    }
  }

  private void readFailures() {
    if (sources.failures() != null) {
      try {
        failures = sources.failures().read();
        culprits = culpritNames.name(failures);
      } catch (SourceException e) {
        errors.count(e.reason());
      }
    }
  }

  private String namespaceName(long inode) {
    if (inode == sources.netns()) {
      return NamespaceSource.HOST;
    }
    NamespaceSource namespaces = sources.namespaces();
    String name = namespaces == null ? "" : namespaces.name(inode);
    return name.isEmpty() ? String.valueOf(inode) : name;
  }

  private String path(long id) {
    OwnerSource owners = sources.owners();
    return owners == null ? "" : owners.controlGroup(id).map(ControlGroup::path).orElse("");
  }

  private SampleReport newReport() {
    NamespaceSource namespaces = sources.namespaces();
    return new SampleReport(
        sources.sockets().name(),
        Collections.unmodifiableMap(unavailable()),
        host.report(conntrack == null ? null : conntrack.usage(), NamespaceReport.UNKNOWN),
        rest,
        owners,
        namespaces == null
            ? null
            : new NamespaceSearch(namespaces.untracked(), namespaces.hiddenProcesses()),
        failures,
        culprits,
        cpuNanosTotal / 1e9,
        intervalNanos / 1e9,
        errors.labelled());
  }

  private List<Snapshot> snapshots() {
    return Stream.concat(
            Stream.ofNullable(host.lastGood()),
            rest.stream().map(NamespaceReport::lastGood).filter(Objects::nonNull))
        .toList();
  }

  private Map<Feature, String> unavailable() {
    Map<Feature, String> unavailable = sources.allUnavailable();
    if (conntrack != null && !conntrack.trouble().isEmpty()) {
      unavailable.put(Feature.CONNTRACK, conntrack.trouble());
    }
    return unavailable;
  }

  private void logUnavailable(Map<Feature, String> unavailable) {
    unavailable.forEach((feature, reason) -> {
      if (saidUnavailable.add(feature)) {
        LOG.log(Level.INFO, "not available: {0}: {1}", feature.label(), reason);
      }
    });
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
    if (others != null && !thread.isAlive()) {
      others.close();
    }
  }
}
