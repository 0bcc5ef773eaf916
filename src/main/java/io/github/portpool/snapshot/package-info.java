/** What one sample found, in immutable values; every count is of one network namespace. */
@NullMarked
package io.github.portpool.snapshot;

import org.jspecify.annotations.NullMarked;
