package io.github.portpool.export.json;

import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.sample.NamedCulprit;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.TightDestination;
import io.github.portpool.sample.TrendPoint;
import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The last sample of a host, as JSON. */
public final class SnapshotJson {
  private SnapshotJson() {}

  /** Everything, one object with an array of network namespaces; the agent's own comes first. */
  public static String of(SampleReport report) {
    return Json.text(
        new Fields()
            .with("source", report.source())
            .with("intervalSeconds", report.intervalSeconds())
            .with("verdict", report.verdict().map(VerdictJson::fields).orElse(null))
            .with("namespaces", report.namespaces().map(each -> namespace(report, each)))
            .with("failures", failures(report))
            .with("unavailable", Json.unavailable(report.unavailable())));
  }

  private static CheckState state(SampleReport report, NamespaceReport namespace) {
    return report
        .place(namespace)
        .map(place -> place.judgement(Thresholds.USUAL).state())
        .orElseThrow();
  }

  /** The worst destinations of all network namespaces, an array with the worst first. */
  public static String destinations(SampleReport report) {
    return Json.text(report.destinations().map(each -> destination(report, each)));
  }

  /** The listeners inside the ephemeral range of all network namespaces, an array. */
  public static String listeners(SampleReport report) {
    return Json.text(report.snapshots().flatMap(snapshot -> listeners(report, snapshot)));
  }

  /** The last hour, an array with the oldest first. */
  public static String history(List<TrendPoint> points) {
    return Json.text(points.stream().map(SnapshotJson::point));
  }

  private static Fields point(TrendPoint point) {
    return new Fields()
        .with("time", point.time())
        .with("capacity", point.capacity())
        .with("tcpWorstUsed", point.tcpWorstUsed())
        .with("tcpUsed", point.tcpUsed())
        .with("tcpBlocked", point.tcpBlocked())
        .with("udpUsed", point.udpUsed())
        .with("timeWait", point.timeWait())
        .with("failedConnects", point.failedConnects());
  }

  private static Fields namespace(SampleReport report, NamespaceReport namespace) {
    long sockets = namespace.sockets();
    Snapshot snapshot = namespace.lastGood();
    return new Fields()
        .with("netns", namespace.netns())
        .with("success", namespace.success())
        .with("message", Json.orNull(namespace.message()))
        .with("sockets", sockets == NamespaceReport.UNKNOWN ? null : sockets)
        .with("state", snapshot == null ? null : state(report, namespace))
        .with("snapshot", snapshot == null ? null : snapshot(report, namespace, snapshot));
  }

  private static Fields snapshot(
      SampleReport report, NamespaceReport namespace, Snapshot snapshot) {
    return new Fields()
        .with("time", snapshot.time())
        .with("ephemeralRange", Json.range(snapshot.range()))
        .with("settings", settings(snapshot.tcp()))
        .with("pools", Fields.of(snapshot.pools().keySet(), protocol -> pool(snapshot, protocol)))
        .with(
            "destinations",
            SampleReport.destinations(namespace).map(each -> destination(report, each)))
        .with("untrackedDestinations", snapshot.untrackedSockets())
        .with("listeners", listeners(report, snapshot))
        .with("untrackedListeners", snapshot.untrackedListeners());
  }

  private static Fields settings(TcpSettings tcp) {
    return new Fields()
        .with("tcpTwReuse", tcp.twReuse())
        .with("tcpTwReuseDelayMillis", tcp.twReuseDelayMillis())
        .with("tcpTimestamps", tcp.timestamps())
        .with("tcpFinTimeoutSeconds", tcp.finTimeoutSeconds())
        .with("tcpMaxTwBuckets", tcp.maxTwBuckets());
  }

  private static Fields pool(Snapshot snapshot, Protocol protocol) {
    PoolUsage pool = snapshot.pool(protocol);
    return new Fields()
        .with("used", pool.used())
        .with("sockets", Fields.of(pool.sockets().keySet(), pool.sockets()::get))
        .with("blocked", Fields.of(List.of(BlockReason.values()), pool.blocked()::of))
        .with("bindFree", pool.bindFree())
        .with("destinations", pool.destinations())
        .with(
            "worst",
            new Fields().with("used", pool.worst().used()).with("free", pool.worst().free()))
        .with("worstUsedPeak", snapshot.worstUsedPeaks().getOrDefault(protocol, 0))
        .with("slowDestinations", pool.slowDestinations())
        .with("exhaustedDestinations", pool.exhaustedDestinations())
        .with("exact", pool.exact())
        .with("bindExact", pool.bindExact())
        .with(
            "listeners",
            Fields.of(
                List.of(IanaRange.values()),
                range -> pool.listeners().sockets().getOrDefault(range, 0)))
        .with(
            "listenersInRange",
            new Fields()
                .with("reserved", pool.listeners().reservedInRange())
                .with("unreserved", pool.listeners().unreservedInRange()));
  }

  private static Fields destination(SampleReport report, TightDestination each) {
    DestinationUsage usage = each.usage();
    Fields fields =
        new Fields()
            .with("netns", each.snapshot().netns())
            .with("protocol", usage.protocol())
            .with("source", usage.source())
            .with("destination", usage.destination())
            .with("sockets", usage.sockets())
            .with("used", usage.headroom().used())
            .with("free", usage.headroom().free());
    return flow(fields, usage.flow())
        .with(
            "culprits",
            each.holders().stream()
                .map(holder -> VerdictJson.culprit(report.holderNames(), holder)));
  }

  static Fields flow(Fields fields, Flow flow) {
    return fields
        .with("closedPerSecond", flow.isKnown() ? flow.closed() : null)
        .with("sustainablePerSecond", flow.isKnown() ? flow.sustained() : null)
        .with("secondsLeft", flow.runsOut() ? flow.secondsLeft() : null);
  }

  private static Stream<Fields> listeners(SampleReport report, Snapshot snapshot) {
    return snapshot.poolListeners().stream().map(each -> listener(report, snapshot, each));
  }

  private static Fields listener(SampleReport report, Snapshot snapshot, PoolListener listener) {
    OwningProcess process = report.owners().process(listener.inode());
    ControlGroup group = report.owners().controlGroup(listener.controlGroup());
    return new Fields()
        .with("netns", snapshot.netns())
        .with("protocol", listener.protocol())
        .with("port", listener.port())
        .with("reserved", listener.reserved())
        .with("lasting", listener.lasting())
        .with("process", process == null ? null : process.name())
        .with("pid", process == null ? null : process.pid())
        .with("user", process == null ? null : process.user())
        .with("controlGroup", group == null ? null : group.path());
  }

  private static @Nullable Fields failures(SampleReport report) {
    ConnectFailures failures = report.failures();
    return failures == null
        ? null
        : new Fields()
            .with("ipv4", failures.ipv4())
            .with("ipv6", failures.ipv6())
            .with(
                "culprits",
                report.culprits().entrySet().stream()
                    .map(each -> culprit(each.getKey(), each.getValue())));
  }

  private static Fields culprit(NamedCulprit culprit, long failures) {
    return new Fields()
        .with("netns", Json.orNull(culprit.netns()))
        .with("process", Json.orNull(culprit.process()))
        .with("controlGroup", Json.orNull(culprit.controlGroup()))
        .with("destination", culprit.destination())
        .with("failures", failures);
  }
}
