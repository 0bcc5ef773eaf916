/** Recorded kernel bytes, read by the same decoder as those of the running kernel. */
@NullMarked
package io.github.portpool.source.replay;

import org.jspecify.annotations.NullMarked;
