package io.github.portpool.export.prometheus.otlp;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where metrics are pushed to.
 *
 * @param endpoint the address that takes metrics, for example {@code http://host:4318/v1/metrics}
 * @param headers what every request carries besides, such as a token
 * @param certificates authorities to trust instead of the JVM's, in PEM, or empty
 * @param interval the time between two pushes
 */
public record OtlpTarget(
    URI endpoint, Map<String, String> headers, String certificates, Duration interval) {
  private static final String PATH = "/v1/metrics";

  /** Copies the headers. */
  public OtlpTarget {
    headers = Map.copyOf(headers);
  }

  /**
   * The address for metrics below the one that all signals have in common.
   *
   * <p>As OTEL_EXPORTER_OTLP_ENDPOINT has it: the OpenTelemetry Protocol Exporter specification.
   */
  public static URI metricsBelow(URI base) {
    String address = base.toString().replaceFirst("/+$", "");
    return URI.create(address.endsWith(PATH) ? address : address + PATH);
  }
}
