/**
 * What one sample found, in immutable values; every count is of one network namespace.
 *
 * <p>Its records are made by portpool and read by applications, through their accessors: any
 * version may add components, so constructors and deconstruction are not part of the promise.
 */
@NullMarked
package io.github.portpool.snapshot;

import org.jspecify.annotations.NullMarked;
