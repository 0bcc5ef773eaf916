/** The sampler: from a source by way of tables and maths to one snapshot at a time. */
@NullMarked
package io.github.portpool.sample;

import org.jspecify.annotations.NullMarked;
