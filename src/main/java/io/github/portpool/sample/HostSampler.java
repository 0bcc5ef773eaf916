package io.github.portpool.sample;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.SocketTable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a sample of a host whenever it is told to, on the thread that tells it: a platform thread,
 * and one at a time. It has no thread of its own and logs nothing by itself.
 */
public final class HostSampler implements AutoCloseable {
  /** The number of destinations that are counted exactly; 4 MB at most. */
  public static final int MAX_DESTINATIONS = 65_536;

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
  private final @Nullable OtherNamespaces others;
  private final @Nullable ConntrackWatch conntrack;
  private final NatDumps natDumps = new NatDumps();
  private final CulpritNames culpritNames = new CulpritNames(this::namespaceName, this::path);
  private @Nullable ConnectFailures failures;
  private List<FailedConnects> culprits = List.of();
  private List<NamespaceReport> rest = List.of();
  private OwnerNames owners = OwnerNames.NONE;
  private long cpuNanosTotal;
  private long intervalNanos;

  /** A sampler of sources that stay the caller's to close. */
  public HostSampler(HostSources sources, Sampler.Options options) {
    this(sources, options, new SocketTable(MAX_DESTINATIONS), SampleWatch.NOBODY);
  }

  private HostSampler(
      HostSources sources, Sampler.Options options, SocketTable table, SampleWatch watch) {
    this(sources, options, watch, table, source -> source.read(table));
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
    NamespaceSource namespaces = sources.namespaces();
    this.others =
        namespaces == null
            ? null
            : new OtherNamespaces(namespaces, options.bounds(), errors, watch::alive);
    ConntrackSource tracking = sources.conntrack();
    this.conntrack = tracking == null ? null : new ConntrackWatch(tracking, errors);
  }

  /** The snapshot of one source's sockets, of which nothing is remembered. */
  public static Snapshot once(SocketSource source, Bounds bounds) throws SourceException {
    SocketTable table = new SocketTable(MAX_DESTINATIONS);
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
    host.sample(
        into -> {
          reading.read(sources.sockets());
          return sources.sockets().unavailable();
        },
        table);
    watch.alive();
    apart(() -> rest = sampleOthers(options, cpuStart));
    long sampleNanos = cpuNanos() - cpuStart;
    apart(this::readFailures);
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
    apart(() -> owners = OwnerNames.of(sources.owners(), snapshots()));
    cpuNanosTotal += cpuNanos() - cpuStart;
    return report();
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

  /** The connect() calls that were refused since the agent began to count. */
  long refused() {
    return failures == null ? 0 : failures.ipv4() + failures.ipv6();
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
    if (others == null) {
      return List.of();
    }
    long allowed = options.budget().nanos(options.interval().toNanos());
    return others.sample(table, () -> allowed - (cpuNanos() - cpuStart));
  }

  /** The CPU time of this thread and of its helpers. */
  long cpuNanos() {
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

  /** What is known now; before the first sample, that there was none. */
  public SampleReport report() {
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

  @Override
  public void close() {
    if (others != null) {
      others.close();
    }
  }
}
