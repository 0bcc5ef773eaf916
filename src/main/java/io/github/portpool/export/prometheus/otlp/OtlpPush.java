package io.github.portpool.export.prometheus.otlp;

import io.github.portpool.export.prometheus.AgentMetrics;
import io.github.portpool.host.Printable;
import io.github.portpool.host.Trouble;
import io.github.portpool.metrics.ExportCounts;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the agent's metrics to an OpenTelemetry collector again and again, on a thread of its own.
 *
 * <p>OTLP over HTTP, in protobuf, with gzip. A push that fails, or takes longer than 10 s, is
 * counted and not repeated: the next one carries all that it did, for counters are cumulative.
 * After a failure everything is opened anew, so that nothing of a bad endpoint lasts.
 */
public final class OtlpPush implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OtlpPush.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MOST_REASON = 200;

  // Held, because the log manager holds its loggers weakly. It would say each failure, and more.
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  private final OtlpTarget target;
  private final PrometheusRegistry registry;
  private final Resource resource;
  private final ExportCounts exports;
  private final long started = now();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "portpool-otlp");
  private @Nullable MetricExporter exporter;
  private boolean outage;

  /**
   * A push that {@link #start} sets going.
   *
   * @param exports counts the pushes
   * @param version the agent's version
   * @param attributes the value of OTEL_RESOURCE_ATTRIBUTES, or empty
   * @throws IllegalArgumentException when certificates or attributes are not what they should be
   */
  public OtlpPush(
      OtlpTarget target,
      AgentMetrics metrics,
      ExportCounts exports,
      String version,
      String attributes) {
    this.target = target;
    registry = metrics.registry();
    resource = OtlpResource.of(version, attributes);
    LIBRARY.setLevel(java.util.logging.Level.OFF);
    exporter = open();
    this.exports = exports;
    exports.begin();
    thread.setDaemon(true);
  }

  /** Begins to push, after the first interval. */
  public void start() {
    thread.start();
  }

  private MetricExporter open() {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(target.endpoint().toString())
            .setCompression("gzip")
            .setConnectTimeout(CONNECT)
            .setTimeout(ANSWER)
            .setRetryPolicy(null);
    target.headers().forEach(builder::addHeader);
    if (!target.certificates().isEmpty()) {
      builder.setTrustedCertificates(target.certificates().getBytes(StandardCharsets.US_ASCII));
    }
    return builder.build();
  }

  private void run() {
    try {
      while (!closing.await(target.interval().toNanos(), TimeUnit.NANOSECONDS)) {
        String trouble = push();
        exports.count(trouble.isEmpty());
        say(trouble);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drop();
  }

  /** Pushes once and returns why it failed, or nothing. */
  private String push() throws InterruptedException {
    try {
      if (exporter == null) {
        exporter = open();
      }
      Collection<MetricData> metrics =
          new OtlpMetrics(resource, started, now()).of(registry.scrape());
      CompletableResultCode result = exporter.export(metrics);
      result.join(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (result.isSuccess()) {
        return "";
      }
      drop();
      return reason(result);
    } catch (RuntimeException e) {
      drop();
      return Trouble.reason(e);
    }
  }

  private static String reason(CompletableResultCode result) {
    Throwable thrown = result.getFailureThrowable();
    if (!result.isDone() || thrown == null) {
      return "no answer within " + ANSWER.toSeconds() + " s";
    }
    if (thrown instanceof HttpExportException failed && failed.getResponse() != null) {
      return "it answers with HTTP status " + failed.getResponse().getStatusCode();
    }
    return Trouble.reason(thrown.getCause() == null ? thrown : thrown.getCause());
  }

  /** Says once that nothing gets through, and once that it does again. */
  private void say(String trouble) {
    if (!outage && !trouble.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "cannot push metrics to {0}, and tries on: {1}",
          target.endpoint(),
          Printable.oneLine(trouble.substring(0, Math.min(trouble.length(), MOST_REASON))));
    } else if (outage && trouble.isEmpty()) {
      LOG.log(Level.INFO, "metrics reach {0} again", target.endpoint());
    }
    outage = !trouble.isEmpty();
  }

  private void drop() {
    if (exporter != null) {
      exporter.shutdown();
      exporter = null;
    }
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Ends at once, whatever the endpoint does; nothing more is pushed. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
  }
}
