package io.github.portpool.export.micrometer;

import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricKind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters in one registry: names and units from which Prometheus makes the agent's names, and
 * each other registry those of its own convention. For one thread at a time, but meters may be read
 * by any.
 */
final class PoolMeters {
  private static final String SECONDS = "seconds";

  /** Units that registries write themselves, and names must not repeat. */
  private static final Set<String> APPENDED = Set.of("ports", SECONDS);

  private final MeterRegistry registry;
  private final Tags tags;
  private final PoolSampling sampling;
  private final Map<PoolSample.Row, Meter> meters = new HashMap<>();

  /** Registers meters that read what is current. */
  PoolMeters(MeterRegistry registry, Tags tags, PoolSampling sampling) {
    this.registry = registry;
    this.tags = tags;
    this.sampling = sampling;
  }

  /** Adds the rows that a sample has, and removes those that it does not have. */
  void refresh(PoolSample sample) {
    Set<PoolSample.Row> rows = sample.values().keySet();
    meters
        .entrySet()
        .removeIf(meter -> {
          boolean gone = !rows.contains(meter.getKey());
          if (gone) {
            registry.remove(meter.getValue());
          }
          return gone;
        });
    rows.forEach(row -> meters.computeIfAbsent(row, this::register));
  }

  /** Removes all meters. */
  void remove() {
    meters.values().forEach(registry::remove);
    meters.clear();
  }

  private Meter register(PoolSample.Row row) {
    MetricFamily family = row.family();
    String name = name(family);
    Tags all = tags.and(row.tags());
    // A counter holds what it reads weakly: the gauges keep that alive.
    ToDoubleFunction<PoolSampling> value = now -> now.current().value(row);
    if (family.kind() == MetricKind.COUNTER) {
      return FunctionCounter.builder(name, sampling, value)
          .description(family.help())
          .baseUnit(unit(family))
          .tags(all)
          .register(registry);
    }
    if (family.unit().equals(SECONDS)) {
      return TimeGauge.builder(name, sampling, TimeUnit.SECONDS, value)
          .description(family.help())
          .tags(all)
          .strongReference(true)
          .register(registry);
    }
    return Gauge.builder(name, sampling, value)
        .description(family.help())
        .baseUnit(unit(family))
        .tags(all)
        .strongReference(true)
        .register(registry);
  }

  private static String name(MetricFamily family) {
    String name = family.baseName();
    if (APPENDED.contains(family.unit())) {
      name = name.substring(0, name.length() - family.unit().length() - 1);
    }
    return name.replace('_', '.');
  }

  private static @Nullable String unit(MetricFamily family) {
    return family.unit().isEmpty() ? null : family.unit();
  }
}
