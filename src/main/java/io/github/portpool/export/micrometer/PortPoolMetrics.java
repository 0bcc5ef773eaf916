package io.github.portpool.export.micrometer;

import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Binds the port pool's gauges to a registry of Micrometer.
 *
 * <p>Each gauge reads the current report when it is asked, in ports, and is NaN until there was a
 * good sample. In Prometheus they have the agent's names, so an application that exposes the
 * agent's own collector as well must not bind them. Safe for several threads and registries.
 */
public final class PortPoolMetrics implements MeterBinder {
  private static final String PORTS = "ports";

  private final Supplier<SampleReport> reports;

  /** Meters of what {@code reports} gives, for example {@code sampler::report}. */
  public PortPoolMetrics(Supplier<SampleReport> reports) {
    this.reports = reports;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge("portpool.capacity", snapshot -> snapshot.range().capacity())
        .description("Ports that can be allocated.")
        .register(registry);
    for (Protocol protocol : Protocol.values()) {
      gauge(protocol, "portpool.used", PoolUsage::used)
          .description("Distinct pool ports with at least one socket.")
          .register(registry);
      gauge(protocol, "portpool.bind.free", PoolUsage::bindFree)
          .description("Ports that bind() to port 0 could still get.")
          .register(registry);
      gauge(protocol, "portpool.worst.destination.used", pool -> pool.worst().used())
          .description("Ports that the most loaded destination cannot use.")
          .register(registry);
      gauge(protocol, "portpool.worst.destination.free", pool -> pool.worst().free())
          .description("How many more connect() calls toward the most loaded destination succeed.")
          .register(registry);
    }
  }

  private Gauge.Builder<Supplier<SampleReport>> gauge(
      String name, ToDoubleFunction<Snapshot> value) {
    return Gauge.builder(
            name,
            reports,
            current -> {
              Snapshot snapshot = current.get().lastGood();
              return snapshot == null ? Double.NaN : value.applyAsDouble(snapshot);
            })
        .baseUnit(PORTS)
        .strongReference(true);
  }

  private Gauge.Builder<Supplier<SampleReport>> gauge(
      Protocol protocol, String name, ToDoubleFunction<PoolUsage> value) {
    return gauge(name, snapshot -> value.applyAsDouble(snapshot.pool(protocol)))
        .tag("protocol", protocol.label());
  }
}
