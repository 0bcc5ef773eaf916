/** How sockets are read: one interface, and a package for each way. */
@NullMarked
package io.github.portpool.source;

import org.jspecify.annotations.NullMarked;
