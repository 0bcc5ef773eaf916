package io.github.portpool.e2e.monitoring;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** An OpenTelemetry collector that only takes metrics, and keeps them for the test. */
final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final LinkedBlockingQueue<Push> pushes = new LinkedBlockingQueue<>();

  /** One request. */
  record Push(Map<String, List<String>> headers, ExportMetricsServiceRequest request) {
    ResourceMetrics metrics() {
      return request.getResourceMetrics(0);
    }

    Map<String, String> resource() {
      return metrics().getResource().getAttributesList().stream()
          .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
    }

    List<Metric> list() {
      return metrics().getScopeMetrics(0).getMetricsList();
    }

    /** The gauges and sums as a Prometheus stores and the text format writes them. */
    Map<String, Double> series() {
      Map<String, Double> series = new TreeMap<>();
      for (Metric metric : list()) {
        boolean counter = metric.hasSum();
        List<NumberDataPoint> points =
            counter ? metric.getSum().getDataPointsList() : metric.getGauge().getDataPointsList();
        for (NumberDataPoint point : points) {
          String labels =
              point.getAttributesList().stream()
                  .map(each -> each.getKey() + "=\"" + each.getValue().getStringValue() + "\"")
                  .sorted()
                  .collect(Collectors.joining(","));
          String name = metric.getName() + (counter ? "_total" : "");
          series.put(labels.isEmpty() ? name : name + "{" + labels + "}", point.getAsDouble());
        }
      }
      return series;
    }
  }

  /** One that listens on a port, or on any for 0. */
  OtlpReceiver(int port) throws IOException {
    this(HttpServer.create(), port);
  }

  /** One that is made by way of another kind of server, such as one with TLS. */
  OtlpReceiver(HttpServer server, int port) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/v1/metrics",
        exchange -> {
          try (exchange;
              InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            pushes.add(
                new Push(
                    Map.copyOf(exchange.getRequestHeaders()),
                    ExportMetricsServiceRequest.parseFrom(body)));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The next push that has a metric. */
  Push await(String name) throws InterruptedException {
    while (true) {
      Push push = pushes.poll(30, TimeUnit.SECONDS);
      if (push == null) {
        throw new AssertionError("nobody pushes " + name);
      }
      if (push.list().stream().anyMatch(metric -> metric.getName().equals(name))) {
        return push;
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
