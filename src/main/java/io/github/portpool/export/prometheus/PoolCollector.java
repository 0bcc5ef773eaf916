package io.github.portpool.export.prometheus;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.Conntrack;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.ConntrackUsage;
import io.github.portpool.sample.FailedConnects;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.NamespaceSearch;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.BlockedPorts;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.ListenerCounts;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders the sampler's report as metrics.
 *
 * <p>A scrape takes no sample: all its numbers are of one report, which is translated once however
 * often it is scraped. Safe for several threads.
 */
public final class PoolCollector implements MultiCollector {
  private record Rendered(SampleReport report, MetricSnapshots metrics) {}

  private final Supplier<SampleReport> reports;
  private final BuildInfo build;
  private volatile @Nullable Rendered last;

  /** A collector of what {@code reports} gives. */
  public PoolCollector(Supplier<SampleReport> reports, BuildInfo build) {
    this.reports = reports;
    this.build = build;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same report, not an equal one
  public MetricSnapshots collect() {
    SampleReport report = reports.get();
    Rendered rendered = last;
    if (rendered == null || rendered.report() != report) {
      rendered = new Rendered(report, render(report));
      last = rendered;
    }
    return rendered.metrics();
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return MetricCatalog.families().stream().map(MetricFamily::descriptor).toList();
  }

  private MetricSnapshots render(SampleReport report) {
    Exposition out = new Exposition();
    renderNamespace(out, report.host(), report);
    for (NamespaceReport other : report.others()) {
      renderNamespace(out, other, report);
      if (other.sockets() != NamespaceReport.UNKNOWN) {
        out.add(MetricCatalog.SOCKSTAT_SOCKETS, (double) other.sockets(), other.netns());
      }
    }
    renderFailures(out, report);
    renderAgent(out, report);
    return out.metrics();
  }

  private static void renderNamespace(
      Exposition out, NamespaceReport namespace, SampleReport report) {
    if (namespace.attempted()) {
      String netns = namespace.netns();
      out.add(MetricCatalog.SAMPLE_SUCCESS, namespace.success() ? 1 : 0, netns);
      out.add(MetricCatalog.SAMPLE_DURATION_SECONDS, namespace.durationSeconds(), netns);
    }
    Snapshot snapshot = namespace.lastGood();
    if (snapshot != null) {
      renderSnapshot(out, snapshot);
      boolean controlGroups = report.available(Feature.CGROUPS);
      new OwnerSeries(out, controlGroups, report.owners(), snapshot).add();
    }
    ConntrackUsage conntrack = namespace.conntrack();
    if (conntrack != null) {
      renderConntrack(out, namespace.netns(), conntrack);
    }
  }

  private static void renderConntrack(Exposition out, String netns, ConntrackUsage conntrack) {
    Conntrack table = conntrack.table();
    out.add(MetricCatalog.CONNTRACK_ENTRIES, table.entries(), netns);
    out.add(MetricCatalog.CONNTRACK_LIMIT, table.limit(), netns);
    out.add(MetricCatalog.CONNTRACK_INSERT_FAILED_TOTAL, (double) table.insertFailed(), netns);
    out.add(MetricCatalog.CONNTRACK_DROPS_TOTAL, (double) table.drops(), netns);
    conntrack
        .natWorstUsed()
        .forEach((protocol, used) ->
            out.add(MetricCatalog.NAT_WORST_DESTINATION_USED_PORTS, used, netns, protocol.label()));
  }

  private static void renderSnapshot(Exposition out, Snapshot snapshot) {
    String netns = snapshot.netns();
    out.add(MetricCatalog.RANGE_FIRST_PORT, snapshot.range().first(), netns);
    out.add(MetricCatalog.RANGE_LAST_PORT, snapshot.range().last(), netns);
    out.add(MetricCatalog.RESERVED_PORTS, snapshot.range().reserved(), netns);
    out.add(MetricCatalog.CAPACITY_PORTS, snapshot.range().capacity(), netns);
    out.add(MetricCatalog.UNTRACKED_DESTINATIONS, (double) snapshot.untrackedSockets(), netns);
    out.add(MetricCatalog.SAMPLE_SOCKETS, snapshot.sockets(), netns);
    out.add(MetricCatalog.SAMPLE_TIMESTAMP_SECONDS, snapshot.time().toEpochMilli() / 1000.0, netns);
    renderSettings(out, netns, snapshot.tcp());
    snapshot.pools().forEach((protocol, pool) -> renderPool(out, netns, protocol, pool));
    snapshot
        .worstUsedPeaks()
        .forEach((protocol, peak) ->
            out.add(
                MetricCatalog.WORST_DESTINATION_USED_PORTS_PEAK, peak, netns, protocol.label()));
  }

  private static void renderSettings(Exposition out, String netns, TcpSettings tcp) {
    renderSetting(out, MetricCatalog.TCP_TW_REUSE, tcp.twReuse(), netns);
    renderSetting(out, MetricCatalog.TCP_TIMESTAMPS, tcp.timestamps(), netns);
    renderSetting(out, MetricCatalog.TCP_FIN_TIMEOUT_SECONDS, tcp.finTimeoutSeconds(), netns);
    renderSetting(out, MetricCatalog.TCP_MAX_TW_BUCKETS, tcp.maxTwBuckets(), netns);
  }

  private static void renderSetting(Exposition out, MetricFamily family, int value, String netns) {
    if (value != TcpSettings.UNKNOWN) {
      out.add(family, value, netns);
    }
  }

  private static void renderPool(Exposition out, String netns, Protocol protocol, PoolUsage pool) {
    String label = protocol.label();
    out.add(MetricCatalog.USED_PORTS, pool.used(), netns, label);
    pool.sockets()
        .forEach(
            (state, count) -> out.add(MetricCatalog.SOCKETS, count, netns, label, state.label()));
    BlockedPorts blocked = pool.blocked();
    out.add(MetricCatalog.BLOCKED_PORTS, blocked.listening(), netns, label, "listening");
    out.add(MetricCatalog.BLOCKED_PORTS, blocked.bound(), netns, label, "bound");
    out.add(MetricCatalog.BLOCKED_PORTS, blocked.connected(), netns, label, "connected");
    out.add(MetricCatalog.BIND_FREE_PORTS, pool.bindFree(), netns, label);
    out.add(MetricCatalog.DESTINATIONS, pool.destinations(), netns, label);
    out.add(MetricCatalog.WORST_DESTINATION_USED_PORTS, pool.worst().used(), netns, label);
    out.add(MetricCatalog.WORST_DESTINATION_FREE_PORTS, pool.worst().free(), netns, label);
    out.add(MetricCatalog.SLOW_DESTINATIONS, pool.slowDestinations(), netns, label);
    out.add(MetricCatalog.EXHAUSTED_DESTINATIONS, pool.exhaustedDestinations(), netns, label);
    for (DestinationUsage usage : pool.top()) {
      String source = usage.source();
      String to = usage.destination();
      int used = usage.headroom().used();
      int free = usage.headroom().free();
      out.add(MetricCatalog.DESTINATION_USED_PORTS, used, netns, label, source, to);
      out.add(MetricCatalog.DESTINATION_FREE_PORTS, free, netns, label, source, to);
    }
    renderListeners(out, netns, label, pool.listeners());
  }

  private static void renderListeners(
      Exposition out, String netns, String protocol, ListenerCounts listeners) {
    for (IanaRange range : IanaRange.values()) {
      int sockets = listeners.sockets().getOrDefault(range, 0);
      int ports = listeners.ports().getOrDefault(range, 0);
      out.add(MetricCatalog.LISTENERS, sockets, netns, protocol, range.label());
      out.add(MetricCatalog.LISTENING_PORTS, ports, netns, protocol, range.label());
    }
    out.add(MetricCatalog.POOL_LISTENERS, listeners.reservedInRange(), netns, protocol, "true");
    out.add(MetricCatalog.POOL_LISTENERS, listeners.unreservedInRange(), netns, protocol, "false");
  }

  private static void renderFailures(Exposition out, SampleReport report) {
    ConnectFailures failures = report.failures();
    if (failures == null) {
      return;
    }
    out.add(MetricCatalog.CONNECT_FAILURES_TOTAL, (double) failures.ipv4(), "ipv4");
    out.add(MetricCatalog.CONNECT_FAILURES_TOTAL, (double) failures.ipv6(), "ipv6");
    out.add(MetricCatalog.CONNECT_FAILURES_LOST_TOTAL, (double) failures.lost(), "lost");
    out.add(MetricCatalog.CONNECT_FAILURES_LOST_TOTAL, (double) failures.untracked(), "untracked");
    for (FailedConnects culprit : report.culprits()) {
      out.add(
          MetricCatalog.CONNECT_FAILURES_BY_PROCESS_TOTAL,
          (double) culprit.failures(),
          culprit.netns(),
          culprit.process(),
          culprit.controlGroup(),
          culprit.destination());
    }
  }

  private void renderAgent(Exposition out, SampleReport report) {
    out.add(MetricCatalog.NAMESPACES, 1 + report.others().size());
    NamespaceSearch search = report.search();
    if (search != null) {
      out.add(MetricCatalog.UNTRACKED_NAMESPACES, search.untracked());
      out.add(MetricCatalog.HIDDEN_PROCESSES, search.hiddenProcesses());
    }
    out.add(MetricCatalog.SAMPLE_CPU_SECONDS_TOTAL, report.cpuSecondsTotal());
    out.add(MetricCatalog.SAMPLE_INTERVAL_SECONDS, report.intervalSeconds());
    report
        .errors()
        .forEach((reason, count) ->
            out.add(MetricCatalog.SAMPLE_ERRORS_TOTAL, count, report.source(), reason));
    for (Feature feature : Feature.values()) {
      out.add(MetricCatalog.FEATURE_AVAILABLE, report.available(feature) ? 1 : 0, feature.label());
    }
    out.add(
        MetricCatalog.BUILD_INFO,
        1,
        build.version(),
        build.revision(),
        build.java(),
        report.source());
  }
}
