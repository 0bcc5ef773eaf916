package io.github.portpool.export.micrometer;

import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * The meters in one registry: names and units from which Prometheus makes the agent's names, and
 * each other registry those of its own convention. For one thread at a time, but meters may be read
 * by any.
 */
final class PoolMeters {
  private static final String PORTS = "ports";
  private static final String SOCKETS = "sockets";
  private static final String DESTINATIONS = "destinations";
  private static final String LISTENERS = "listeners";
  private static final String NONE = ""; // a number or a yes, or in Prometheus part of the name

  private final MeterRegistry registry;
  private final Tags tags;
  private final PoolSampling sampling;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<RowFamily, MultiGauge> rows = new EnumMap<>(RowFamily.class);

  /** Registers meters that read what is current. */
  PoolMeters(MeterRegistry registry, Tags tags, PoolSampling sampling) {
    this.registry = registry;
    this.tags = tags;
    this.sampling = sampling;
    addRange();
    for (Protocol protocol : Protocol.values()) {
      addPool(protocol);
      addListeners(protocol);
    }
    addSettings();
    addSampling();
    for (RowFamily family : RowFamily.values()) {
      rows.put(
          family,
          MultiGauge.builder(family.meterName())
              .description(family.description())
              .baseUnit(PORTS)
              .tags(tags)
              .register(registry));
    }
  }

  /** Adds the rows that a sample names, and removes those that it does not. */
  void refresh(PoolSample sample) {
    rows.forEach((family, gauge) -> {
      List<Row<?>> named = new ArrayList<>();
      for (Tags row : sample.rows().getOrDefault(family, Map.of()).keySet()) {
        named.add(Row.of(row, sampling, current -> current.current().value(family, row)));
      }
      // Rows that stay are left alone: they look their value up.
      gauge.register(named, false);
    });
  }

  /** Removes all meters. */
  void remove() {
    rows.values().forEach(gauge -> gauge.register(List.of()));
    meters.forEach(registry::remove);
  }

  private void addRange() {
    found(
        "portpool.range.first.port",
        NONE,
        "First port of the live ephemeral port range.",
        snapshot -> snapshot.range().first());
    found(
        "portpool.range.last.port",
        NONE,
        "Last port of the live ephemeral port range.",
        snapshot -> snapshot.range().last());
    found(
        "portpool.reserved",
        PORTS,
        "Ports of the live range that are reserved.",
        snapshot -> snapshot.range().reserved());
    found(
        "portpool.capacity",
        PORTS,
        "Ports that can be allocated: the live range minus the reserved ports.",
        snapshot -> snapshot.range().capacity());
    found(
        "portpool.untracked.destinations",
        NONE,
        "Sockets whose group did not fit the bounded table of destinations.",
        Snapshot::untrackedSockets);
    found(
        "portpool.untracked.owners",
        NONE,
        "Sockets in the pool whose control group did not fit the bounded table.",
        Snapshot::untrackedOwnerSockets);
  }

  private void addPool(Protocol protocol) {
    Tags own = protocol(protocol);
    pool(
        protocol,
        own,
        "portpool.used",
        PORTS,
        "Distinct pool ports with at least one socket in any state; says nothing about connect().",
        PoolUsage::used);
    protocol
        .states()
        .forEach(state ->
            pool(
                protocol,
                own.and("state", state.label()),
                "portpool.sockets",
                SOCKETS,
                "Sockets whose local port is in the pool, by state.",
                usage -> usage.sockets().getOrDefault(state, 0)));
    blocked(protocol, "listening", usage -> usage.blocked().listening());
    blocked(protocol, "bound", usage -> usage.blocked().bound());
    blocked(protocol, "connected", usage -> usage.blocked().connected());
    pool(
        protocol,
        own,
        "portpool.bind.free",
        PORTS,
        "Ports that bind() to 0.0.0.0 port 0 could still get.",
        PoolUsage::bindFree);
    pool(
        protocol,
        own,
        "portpool.destinations",
        DESTINATIONS,
        "Distinct (source, destination, port) groups with sockets in the pool.",
        PoolUsage::destinations);
    pool(
        protocol,
        own,
        "portpool.worst.destination.used",
        PORTS,
        "Ports that the most loaded (source, destination, port) group cannot use.",
        usage -> usage.worst().used());
    pool(
        protocol,
        own,
        "portpool.worst.destination.free",
        PORTS,
        "How many more connect() calls toward the most loaded destination succeed; an upper bound"
            + " while portpool.feature.available of exact_blocked is 0.",
        usage -> usage.worst().free());
    gauge(
        own,
        "portpool.worst.destination.used.ports.peak",
        NONE,
        "Highest of portpool.worst.destination.used of all samples in the last minute.",
        ofSnapshot(snapshot -> snapshot.worstUsedPeaks().getOrDefault(protocol, 0)));
    pool(
        protocol,
        own,
        "portpool.slow.destinations",
        DESTINATIONS,
        "Groups that use more than one half of the pool, toward which connect() is slow.",
        PoolUsage::slowDestinations);
    pool(
        protocol,
        own,
        "portpool.exhausted.destinations",
        DESTINATIONS,
        "Groups without a free port, toward which connect() fails.",
        PoolUsage::exhaustedDestinations);
  }

  private void blocked(Protocol protocol, String reason, ToIntFunction<PoolUsage> value) {
    pool(
        protocol,
        protocol(protocol).and("reason", reason),
        "portpool.blocked",
        PORTS,
        "Pool ports closed to every connect(), each once.",
        value);
  }

  private void addListeners(Protocol protocol) {
    Tags own = protocol(protocol);
    for (IanaRange range : IanaRange.values()) {
      pool(
          protocol,
          own.and("range", range.label()),
          "portpool.listeners",
          LISTENERS,
          "Listening sockets by the range of RFC 6335.",
          usage -> usage.listeners().sockets().getOrDefault(range, 0));
      pool(
          protocol,
          own.and("range", range.label()),
          "portpool.listening",
          PORTS,
          "Distinct ports that are listened on, by the range of RFC 6335.",
          usage -> usage.listeners().ports().getOrDefault(range, 0));
    }
    poolListeners(protocol, true, usage -> usage.listeners().reservedInRange());
    poolListeners(protocol, false, usage -> usage.listeners().unreservedInRange());
  }

  private void poolListeners(Protocol protocol, boolean reserved, ToIntFunction<PoolUsage> value) {
    pool(
        protocol,
        protocol(protocol).and("reserved", String.valueOf(reserved)),
        "portpool.pool.listeners",
        LISTENERS,
        "Listening sockets inside the live ephemeral range; a client can be given the port of one"
            + " that is not reserved.",
        value);
  }

  private void addSettings() {
    setting(
        "portpool.tcp.tw.reuse",
        "tcp_tw_reuse: 0 off, 1 on, 2 for loopback.",
        TcpSettings::twReuse);
    setting("portpool.tcp.timestamps", "tcp_timestamps: 0 off.", TcpSettings::timestamps);
    setting(
        "portpool.tcp.max.tw.buckets",
        "tcp_max_tw_buckets: the most sockets in TIME_WAIT that the kernel keeps.",
        TcpSettings::maxTwBuckets);
    seconds(
        "portpool.tcp.fin.timeout",
        "tcp_fin_timeout: how long an orphaned FIN_WAIT2 holds its port.",
        ofSetting(TcpSettings::finTimeoutSeconds));
  }

  private void addSampling() {
    found(
        "portpool.sample.sockets",
        SOCKETS,
        "Sockets that the last good sample read.",
        Snapshot::sockets);
    gauge(
        Tags.empty(),
        "portpool.sample.success",
        NONE,
        "Whether the last sample was good; if not, the others are of the last good one.",
        report -> report.success() ? 1 : 0);
    seconds(
        "portpool.sample.timestamp",
        "When the last good sample was taken, since 1970.",
        ofSnapshot(snapshot -> snapshot.time().toEpochMilli() / 1000.0));
    seconds(
        "portpool.sample.duration",
        "Wall time of the last sample.",
        report -> report.host().durationSeconds());
    seconds(
        "portpool.sample.interval", "Least time between samples.", SampleReport::intervalSeconds);
    counter(
        Tags.empty(),
        "portpool.sample.cpu",
        "seconds",
        "CPU time of all samples.",
        SampleReport::cpuSecondsTotal);
    SampleReport now = sampling.last().report();
    for (String reason : now.errors().keySet()) {
      counter(
          Tags.of("source", now.source(), "reason", reason),
          "portpool.sample.errors",
          NONE,
          "Samples that failed, by reason.",
          report -> report.errors().getOrDefault(reason, 0L));
    }
    for (Feature feature : Feature.values()) {
      gauge(
          Tags.of("feature", feature.label()),
          "portpool.feature.available",
          NONE,
          "Whether something can be seen here.",
          report -> report.available(feature) ? 1 : 0);
    }
  }

  private void pool(
      Protocol protocol,
      Tags own,
      String name,
      String unit,
      String description,
      ToIntFunction<PoolUsage> value) {
    gauge(
        own,
        name,
        unit,
        description,
        ofSnapshot(snapshot -> value.applyAsInt(snapshot.pool(protocol))));
  }

  private void found(
      String name, String unit, String description, ToDoubleFunction<Snapshot> value) {
    gauge(Tags.empty(), name, unit, description, ofSnapshot(value));
  }

  private void setting(String name, String description, ToIntFunction<TcpSettings> value) {
    gauge(Tags.empty(), name, NONE, description, ofSetting(value));
  }

  private void gauge(
      Tags own,
      String name,
      String unit,
      String description,
      ToDoubleFunction<SampleReport> value) {
    meters.add(
        Gauge.builder(name, sampling, now -> value.applyAsDouble(now.current().report()))
            .description(description)
            .baseUnit(unit.isEmpty() ? null : unit)
            .tags(tags.and(own))
            .strongReference(true)
            .register(registry));
  }

  private void seconds(String name, String description, ToDoubleFunction<SampleReport> value) {
    meters.add(
        TimeGauge.builder(
                name, () -> value.applyAsDouble(sampling.current().report()), TimeUnit.SECONDS)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  /** A counter, which holds what it reads weakly: the gauges keep that alive. */
  private void counter(
      Tags own,
      String name,
      String unit,
      String description,
      ToDoubleFunction<SampleReport> value) {
    meters.add(
        FunctionCounter.builder(name, sampling, now -> value.applyAsDouble(now.current().report()))
            .description(description)
            .baseUnit(unit.isEmpty() ? null : unit)
            .tags(tags.and(own))
            .register(registry));
  }

  private static Tags protocol(Protocol protocol) {
    return Tags.of("protocol", protocol.label());
  }

  private static ToDoubleFunction<SampleReport> ofSnapshot(ToDoubleFunction<Snapshot> value) {
    return report -> {
      Snapshot snapshot = report.lastGood();
      return snapshot == null ? Double.NaN : value.applyAsDouble(snapshot);
    };
  }

  private static ToDoubleFunction<SampleReport> ofSetting(ToIntFunction<TcpSettings> value) {
    return ofSnapshot(snapshot -> {
      int setting = value.applyAsInt(snapshot.tcp());
      return setting == TcpSettings.UNKNOWN ? Double.NaN : setting;
    });
  }
}
