/** What a socket is, in primitives, and what one pass over all sockets leaves behind. */
@NullMarked
package io.github.portpool.table;

import org.jspecify.annotations.NullMarked;
