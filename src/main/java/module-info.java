/**
 * The port pool of a host: {@link io.github.portpool.PortPool} for a program that looks once,
 * {@link io.github.portpool.export.micrometer.PortPoolMetrics} for one that watches.
 */
module io.github.portpool {
  exports io.github.portpool;
  exports io.github.portpool.export.micrometer;
  exports io.github.portpool.snapshot;

  requires java.management;
  requires static micrometer.core;
  requires static org.jspecify;

  // The agent's alone, which runs on the class path.
  requires static bcrypt;
  requires static com.github.oshi;
  requires static com.google.gson;
  requires static info.picocli;
  requires static io.netty.buffer;
  requires static io.netty.codec;
  requires static io.netty.codec.http;
  requires static io.netty.common;
  requires static io.netty.handler;
  requires static io.netty.transport;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.exporter.internal;
  requires static io.opentelemetry.exporter.otlp;
  requires static io.opentelemetry.sdk.common;
  requires static io.opentelemetry.sdk.metrics;
  requires static io.prometheus.metrics.core;
  requires static io.prometheus.metrics.exporter.httpserver;
  requires static io.prometheus.metrics.instrumentation.jvm;
  requires static io.prometheus.metrics.model;
  requires static java.logging;
  requires static jdk.httpserver;
  requires static jdk.management;
  requires static org.snakeyaml.engine;
}
