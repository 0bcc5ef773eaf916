/** The snapshot as Prometheus metrics. */
@NullMarked
package io.github.portpool.export.prometheus;

import org.jspecify.annotations.NullMarked;
