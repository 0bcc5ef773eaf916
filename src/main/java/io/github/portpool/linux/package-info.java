/**
 * The ground floor: thin system calls and pure decoders of kernel bytes; the only place with
 * java.lang.foreign.
 */
@NullMarked
package io.github.portpool.linux;

import org.jspecify.annotations.NullMarked;
