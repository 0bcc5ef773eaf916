/** Pushes the agent's metrics to an OpenTelemetry collector, if it is asked to. */
@NullMarked
package io.github.portpool.export.prometheus.otlp;

import org.jspecify.annotations.NullMarked;
