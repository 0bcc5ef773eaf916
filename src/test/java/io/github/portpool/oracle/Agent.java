package io.github.portpool.oracle;

import io.github.portpool.export.prometheus.PoolCollector;
import io.github.portpool.metrics.AgentReport;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.SampleWatch;
import io.github.portpool.sample.Sampler;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.bpf.BpfSource;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.Arrays;

/** The agent without its server and its timer, in the namespace of the thread that makes it. */
final class Agent implements AutoCloseable {
  private final SocketSource source;
  private final Sampler sampler;
  private final PoolCollector collector;

  /** By sock_diag alone. */
  Agent() throws Exception {
    this(SockDiagSource.live());
  }

  Agent(SocketSource source) {
    this.source = source;
    sampler =
        new Sampler(
            HostSources.of(source),
            new Sampler.Options(
                Duration.ofSeconds(5), new CpuBudget(1), new Bounds(1000, 10, 10, 0)),
            SampleWatch.NOBODY,
            OwnerSource.none("not here"));
    collector = new PoolCollector(() -> AgentReport.of(sampler.report()));
  }

  /** By the kernel's own tables where they can be read, and by sock_diag elsewhere. */
  static Agent best() throws Exception {
    return new Agent(new BpfSource(false).open());
  }

  /** Takes a sample, which must be good. */
  void sample() {
    SampleReport report = sampler.sample();
    if (!report.success()) {
      throw new AssertionError(report.message());
    }
  }

  /** The value of a series, by its name and its labels in pairs, without netns; -1 without one. */
  int metric(String name, String... labels) {
    for (MetricSnapshot family : collector.collect()) {
      if (family.getMetadata().getPrometheusName().equals(name)) {
        for (DataPointSnapshot point : family.getDataPoints()) {
          if (hasLabels(point.getLabels(), labels)) {
            return (int) value(point);
          }
        }
      }
    }
    return -1;
  }

  /** How many more connect() calls from a source to a destination succeed, by the metrics. */
  int connectHeadroom(String source, String destination) {
    int named =
        metric(
            "portpool_destination_free_ports",
            "protocol",
            "tcp",
            "source",
            source,
            "destination",
            destination);
    return named >= 0 ? named : newDestinationHeadroom();
  }

  /** The same of sockets that are bound to an interface: without one, what those to none leave. */
  int connectHeadroom(String source, int interfaceIndex, String destination) {
    int named =
        metric(
            "portpool_destination_free_ports",
            "protocol",
            "tcp",
            "source",
            source + "%" + interfaceIndex,
            "destination",
            destination);
    return named >= 0 ? named : connectHeadroom(source, destination);
  }

  /** The headroom of a destination that has no sockets. */
  int newDestinationHeadroom() {
    int blocked = 0;
    for (String reason : new String[] {"listening", "bound", "outlived", "connected"}) {
      blocked += metric("portpool_blocked_ports", "protocol", "tcp", "reason", reason);
    }
    return metric("portpool_capacity_ports") - blocked;
  }

  /** How many more UDP connect() calls of a destination succeed; -1 where it has no sockets. */
  int udpHeadroom(String source, String destination) {
    return metric(
        "portpool_destination_free_ports",
        "protocol",
        "udp",
        "source",
        source,
        "destination",
        destination);
  }

  /** Whether a feature is there. */
  boolean available(String feature) {
    return metric("portpool_feature_available", "feature", feature) == 1;
  }

  /** Whether TCP's headroom is called exact. */
  boolean declaresExact() {
    Snapshot snapshot = sampler.report().lastGood();
    return snapshot != null && snapshot.pool(Protocol.TCP).exact();
  }

  int bindFree(String protocol) {
    return metric("portpool_bind_free_ports", "protocol", protocol);
  }

  private static boolean hasLabels(Labels labels, String... wanted) {
    for (int i = 0; i < wanted.length; i += 2) {
      if (!wanted[i + 1].equals(labels.get(wanted[i]))) {
        return false;
      }
    }
    return labels.size() == wanted.length / 2 + (labels.contains("netns") ? 1 : 0);
  }

  private static double value(DataPointSnapshot point) {
    return switch (point) {
      case GaugeDataPointSnapshot gauge -> gauge.getValue();
      case CounterDataPointSnapshot counter -> counter.getValue();
      default -> throw new AssertionError("no number: " + Arrays.asList(point));
    };
  }

  @Override
  public void close() {
    source.close();
  }
}
