package io.github.portpool.cli;

import io.github.portpool.export.prometheus.AgentMetrics;
import io.github.portpool.export.prometheus.otlp.OtlpPush;
import io.github.portpool.export.prometheus.otlp.OtlpTarget;
import io.github.portpool.host.TextFile;
import io.github.portpool.host.Trouble;
import io.github.portpool.metrics.ExportCounts;
import io.github.portpool.sample.BuildInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the push to an OpenTelemetry collector. */
final class OtlpOptions {
  @Option(
      names = "--otlp.endpoint",
      paramLabel = "URL",
      converter = Converters.Agent.class,
      description =
          "Push all metrics to an OpenTelemetry collector too, by OTLP over HTTP; /v1/metrics is"
              + " added. Default: none")
  private @Nullable URI endpoint;

  @Option(
      names = "--otlp.interval",
      paramLabel = "DURATION",
      defaultValue = "60s",
      converter = Converters.Interval.class,
      description = "Time between two pushes, 100ms to 1h. Default: ${DEFAULT-VALUE}")
  private Duration interval;

  @Option(
      names = "--otlp.header",
      paramLabel = "NAME=VALUE",
      split = ",",
      description =
          "Header of each push; may be repeated. Rather set PORTPOOL_OTLP_HEADER for a secret: all"
              + " users see the command line.")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(
      names = "--otlp.ca-file",
      paramLabel = "FILE",
      description = "Certificate authorities of the endpoint, in PEM, in place of the usual ones.")
  private @Nullable Path authorities;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The push, ready to start, or null where nobody asks for it. */
  @Nullable OtlpPush push(AgentMetrics metrics, ExportCounts exports) {
    if (authorities != null && authorities.toString().isEmpty()) {
      throw wrong("--otlp.ca-file is empty: name a file, or leave the option out");
    }
    if (endpoint == null) {
      return null;
    }
    try {
      OtlpTarget target =
          new OtlpTarget(OtlpTarget.metricsBelow(endpoint), headers, certificates(), interval);
      String attributes = System.getenv().getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "");
      return new OtlpPush(target, metrics, exports, BuildInfo.current().version(), attributes);
    } catch (IllegalArgumentException e) {
      throw wrong("cannot push to --otlp.endpoint: " + Trouble.reason(e));
    }
  }

  private String certificates() {
    try {
      return authorities == null ? "" : TextFile.read(authorities);
    } catch (IOException e) {
      throw wrong("cannot read --otlp.ca-file " + authorities + ": " + Trouble.reason(e));
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
