package io.github.portpool.export.prometheus;

import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** All that the agent has to tell a monitoring system, pulled or pushed. Safe for many threads. */
public final class AgentMetrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  /**
   * A collector's metrics.
   *
   * @param exporterMetrics whether to add those of this process and its JVM
   */
  public AgentMetrics(PoolCollector collector, boolean exporterMetrics) {
    registry.register(collector);
    if (exporterMetrics) {
      registry.register(exporterMetrics());
    }
  }

  /** Where they are, for what carries them. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** Those of this process and its JVM, without the 36 series of single memory pools. */
  private static MultiCollector exporterMetrics() {
    PrometheusRegistry all = new PrometheusRegistry();
    ProcessMetrics.builder().register(all);
    JvmMemoryMetrics.builder().register(all);
    JvmGarbageCollectorMetrics.builder().register(all);
    return () -> all.scrape(name -> !name.startsWith("jvm_memory_pool_"));
  }
}
