/** Who owns sockets on Linux: control groups from cgroupfs, processes from /proc. */
@NullMarked
package io.github.portpool.source.owner;

import org.jspecify.annotations.NullMarked;
