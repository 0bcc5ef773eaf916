/** connect() calls that failed for lack of a port (EADDRNOTAVAIL), counted by the Linux kernel. */
@NullMarked
package io.github.portpool.source.failures;

import org.jspecify.annotations.NullMarked;
