package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.SocketTable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a sample of a host whenever it is told to, on the thread that tells it: a platform thread,
 * and one at a time. It has no thread of its own and logs nothing by itself.
 */
public final class HostSampler implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A way from a source to the table that its samples are made of. */
  @FunctionalInterface
  interface Reading {
    void read(SocketSource source) throws SourceException;
  }

  private final HostSources sources;
  private final SampleWatch watch;
  private final SocketTable table;
  private final Reading reading;
  private final SampleErrors errors = new SampleErrors();
  private final NamespaceSampler host;
  private final WatchedNamespaces others;
  private final ConntrackWatch conntrack;
  private final NatDumps natDumps = new NatDumps();
  private final CulpritNames culpritNames = new CulpritNames(this::namespaceName, this::path);
  private Optional<ConnectFailures> failures = Optional.empty();
  private Map<NamedCulprit, Long> culprits = Map.of();
  private final StateAges ages = new StateAges();
  private final RecentCount counts = new RecentCount(System.nanoTime());
  private RecentFailures recent = RecentFailures.of(0, 0);
  private List<NamespaceReport> rest = List.of();
  private OwnerNames owners = OwnerNames.NONE;
  private long cpuNanosTotal;
  private long intervalNanos;

  /** A sampler of sources that stay the caller's to close. */
  public HostSampler(HostSources sources, Sampler.Options options) {
    SocketTable table = new SocketTable();
    this(sources, options, SampleWatch.NOBODY, table, source -> source.read(table));
  }

  /** A sampler that reads into a table in its own way. */
  HostSampler(
      HostSources sources,
      Sampler.Options options,
      SampleWatch watch,
      SocketTable table,
      Reading reading) {
    this.sources = sources;
    this.watch = watch;
    this.table = table;
    this.reading = reading;
    this.intervalNanos = options.interval().toNanos();
    this.host = new NamespaceSampler(NamespaceSource.HOST, options.bounds(), errors);
    this.others =
        new WatchedNamespaces(sources.namespaces(), options.bounds(), errors, watch::alive);
    this.conntrack = new ConntrackWatch(sources.conntrack(), errors);
  }

  /** The snapshot of one source's sockets, of which nothing is remembered. */
  public static Snapshot once(SocketSource source, Bounds bounds) throws SourceException {
    SocketTable table = new SocketTable();
    return new NamespaceSampler(NamespaceSource.HOST, bounds, new SampleErrors())
        .read(
            into -> {
              source.read(into);
              return source.unavailable();
            },
            table);
  }

  /** Takes one sample now; the owners in it still have the names that were known before. */
  public SampleReport sample(Sampler.Options options) {
    long cpuStart = cpuNanos();
    apart(others::look);
    host.sample(
        into -> {
          reading.read(sources.sockets());
          return host.unseen(sources.sockets());
        },
        table);
    watch.alive();
    apart(() -> rest = sampleOthers(options, cpuStart));
    long sampleNanos = cpuNanos() - cpuStart;
    apart(this::readFailures);
    apart(() -> ages.add(report().places()));
    // These walks, and those for owners, have budgets of their own: they do not stretch the
    // interval.
    apart(this::readConntrack);
    cpuNanosTotal += cpuNanos() - cpuStart;
    intervalNanos = options.budget().intervalNanos(options.interval().toNanos(), sampleNanos);
    return report();
  }

  /** Looks for the names of the owners in the last sample. */
  public SampleReport nameOwners() {
    long cpuStart = cpuNanos();
    apart(() -> owners = named(report()));
    cpuNanosTotal += cpuNanos() - cpuStart;
    return report();
  }

  private OwnerNames named(SampleReport last) {
    return OwnerNames.of(
        sources.owners(),
        last.snapshots().toList(),
        last.namespaces().map(NamespaceReport::holders).toList());
  }

  /** Counts an attempt that failed where no sample could count it. */
  void countDefect() {
    errors.count(Reason.INTERNAL);
  }

  /** Logs what came of the last attempt if it differs from the one before. */
  public void logChange() {
    host.logChange();
  }

  /** The nanoseconds from the start of the last sample to that of the next. */
  long intervalNanos() {
    return intervalNanos;
  }

  /** The connect() calls that failed for lack of a port since the agent began to count. */
  long failedConnects() {
    return failures.map(it -> it.ipv4() + it.ipv6()).orElse(0L);
  }

  /** Whatever one part of the host does to the agent, the others are published all the same. */
  private void apart(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      errors.count(Reason.INTERNAL);
    }
  }

  private List<NamespaceReport> sampleOthers(Sampler.Options options, long cpuStart) {
    long allowed = options.budget().nanos(options.interval().toNanos());
    return others.sample(table, () -> allowed - (cpuNanos() - cpuStart));
  }

  /** The CPU time of this thread and of its helpers. */
  long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime() + sources.namespaces().cpuNanos();
  }

  private void readConntrack() {
    List<ConntrackWatch> all = Stream.concat(others.conntracks(), Stream.of(conntrack)).toList();
    all.forEach(ConntrackWatch::read);
    natDumps.next(all);
  }

  private void readFailures() {
    try {
      failures = sources.failures().read();
      failures.ifPresent(all -> recent = counts.add(System.nanoTime(), all));
      culprits = failures.map(culpritNames::name).orElse(Map.of());
    } catch (SourceException e) {
      errors.count(e.reason());
    }
  }

  private RecentFailures recentFailures() {
    return failures.isPresent()
        ? recent
        : RecentFailures.uncounted(
            sources.unavailable().getOrDefault(Feature.CONNECT_FAILURES, "not read yet"));
  }

  /** The name of the namespace whose calls fail most often; that of the agent's own by default. */
  private String failingNamespace() {
    Culprit most = recent.most();
    String name = most == null ? "" : sources.namespaces().name(most.netns());
    return rest.stream().anyMatch(each -> each.netns().equals(name)) ? name : NamespaceSource.HOST;
  }

  private String namespaceName(long inode) {
    String name = sources.namespaces().name(inode);
    return name.isEmpty() ? String.valueOf(inode) : name;
  }

  private String path(long id) {
    return sources.owners().controlGroup(id).map(ControlGroup::path).orElse("");
  }

  /** What is known now; before the first sample, that there was none. */
  public SampleReport report() {
    return report(host.report(conntrack.usage(), NamespaceReport.UNKNOWN));
  }

  /** The same of a sample of no sockets: which figures there will be, not their values. */
  public SampleReport blank() {
    return report(host.blank());
  }

  private SampleReport report(NamespaceReport own) {
    NamespaceSource namespaces = sources.namespaces();
    return new SampleReport(
        sources.sockets().name(),
        Collections.unmodifiableMap(unavailable()),
        own,
        rest,
        owners,
        namespaces.untracked().isEmpty()
            ? null
            : new NamespaceSearch(namespaces.untracked().getAsInt(), namespaces.hiddenProcesses()),
        failures.orElse(null),
        recentFailures(),
        failingNamespace(),
        ages.since(),
        culprits,
        cpuNanosTotal / 1e9,
        intervalNanos / 1e9,
        errors.labelled());
  }

  private Map<Feature, String> unavailable() {
    Map<Feature, String> unavailable = sources.unavailable();
    if (!conntrack.trouble().isEmpty()) {
      unavailable.put(Feature.CONNTRACK, conntrack.trouble());
    }
    return unavailable;
  }

  @Override
  public void close() {
    others.close();
  }
}
