package io.github.portpool.export.prometheus;

import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** The handler of {@code /metrics}: text, OpenMetrics or protobuf, as the client asks. */
public final class MetricsEndpoint {
  private MetricsEndpoint() {}

  /**
   * Serves a collector's metrics.
   *
   * @param exporterMetrics whether to add those of this process and its JVM
   */
  public static HttpHandler of(PoolCollector collector, boolean exporterMetrics) {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(collector);
    if (exporterMetrics) {
      registry.register(exporterMetrics());
    }
    return new MetricsHandler(registry);
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
