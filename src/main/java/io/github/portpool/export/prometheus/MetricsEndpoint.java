package io.github.portpool.export.prometheus;

import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
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
      ProcessMetrics.builder().register(registry);
      JvmMemoryMetrics.builder().register(registry);
      JvmGarbageCollectorMetrics.builder().register(registry);
    }
    return new MetricsHandler(registry);
  }
}
