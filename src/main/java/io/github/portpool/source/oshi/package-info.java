/** macOS and Windows, and a second opinion on Linux: sockets by way of OSHI. */
@NullMarked
package io.github.portpool.source.oshi;

import org.jspecify.annotations.NullMarked;
