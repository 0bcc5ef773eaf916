package io.github.portpool.export.prometheus;

import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;

/** The handler of {@code /metrics}: text, OpenMetrics or protobuf, as the client asks. */
public final class MetricsEndpoint {
  private MetricsEndpoint() {}

  /** Serves the agent's metrics. */
  public static HttpHandler of(AgentMetrics metrics) {
    return new MetricsHandler(metrics.registry());
  }
}
