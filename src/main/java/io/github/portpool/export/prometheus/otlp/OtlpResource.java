package io.github.portpool.export.prometheus.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.portpool.host.Printable;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who says what is pushed: the attributes of OpenTelemetry's resource semantic conventions.
 *
 * <p>{@code service.instance.id} is the host's name, for a host has one agent, and it stays the
 * same when the agent starts again.
 */
final class OtlpResource {
  private OtlpResource() {}

  /**
   * This agent.
   *
   * @param version the agent's version
   * @param more the value of OTEL_RESOURCE_ATTRIBUTES, such as {@code k8s.node.name=a,team=b}: it
   *     adds and replaces
   * @throws IllegalArgumentException when that value is of another form
   */
  static Resource of(String version, String more) {
    String host = hostName();
    AttributesBuilder attributes =
        Attributes.builder()
            .put("service.name", "portpool")
            .put("service.version", version)
            .put("service.instance.id", host)
            .put("host.name", host);
    for (String pair : more.split(",", -1)) {
      if (!pair.isBlank()) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
          throw new IllegalArgumentException("'" + pair + "' is not a name=value");
        }
        attributes.put(pair.substring(0, equals).strip(), decoded(pair.substring(equals + 1)));
      }
    }
    return Resource.create(attributes.build());
  }

  /** W3C Baggage: percent-encoded, where a plus sign is a plus sign. */
  private static String decoded(String value) {
    return URLDecoder.decode(value.strip().replace("+", "%2B"), UTF_8);
  }

  private static String hostName() {
    try {
      Path kernels = Path.of("/proc/sys/kernel/hostname");
      String name =
          Files.exists(kernels)
              ? Files.readString(kernels).strip()
              : InetAddress.getLocalHost().getHostName();
      return Printable.oneLine(name);
    } catch (IOException e) {
      return "unknown";
    }
  }
}
