package io.github.portpool.export.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The handler of {@code /metrics}: text, OpenMetrics or protobuf, as the client asks. */
public final class MetricsEndpoint {
  /** The media types it has. */
  public static final List<String> TYPES =
      List.of(
          "text/plain;version=0.0.4",
          "application/openmetrics-text;version=1.0.0",
          "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");

  /** How it can be looked at in a browser. */
  private static final List<String> DEBUG = List.of("openmetrics", "text", "prometheus-protobuf");

  private MetricsEndpoint() {}

  /** Serves the agent's metrics, in the one type of {@link #TYPES} that the request accepts. */
  public static HttpHandler of(AgentMetrics metrics) {
    HttpHandler handler = new MetricsHandler(metrics.registry());
    return exchange -> {
      if (debugs(exchange.getRequestURI().getRawQuery()).allMatch(DEBUG::contains)) {
        handler.handle(exchange);
      } else {
        refuse(exchange);
      }
    };
  }

  private static Stream<String> debugs(@Nullable String query) {
    return Arrays.stream(query == null ? new String[0] : query.split("&", -1))
        .map(each -> URLDecoder.decode(each, StandardCharsets.UTF_8))
        .filter(each -> each.equals("debug") || each.startsWith("debug="))
        .map(each -> each.substring(Math.min(each.length(), "debug=".length())));
  }

  private static void refuse(HttpExchange exchange) throws IOException {
    String sentence = "debug is one of " + String.join(", ", DEBUG) + ".\n";
    byte[] body = sentence.getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(400, body.length);
    exchange.getResponseBody().write(body);
  }
}
