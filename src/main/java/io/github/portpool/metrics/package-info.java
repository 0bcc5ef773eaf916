/**
 * What the agent measures, in one table that knows no monitoring system: {@link
 * io.github.portpool.metrics.MetricTable} is where a metric is added.
 */
@NullMarked
package io.github.portpool.metrics;

import org.jspecify.annotations.NullMarked;
