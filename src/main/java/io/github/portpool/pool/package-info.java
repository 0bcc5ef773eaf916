/** The port maths: pure functions of tables. No clock, no input or output. */
@NullMarked
package io.github.portpool.pool;

import org.jspecify.annotations.NullMarked;
