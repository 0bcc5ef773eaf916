/** connect() calls that were refused for want of a port, counted by the Linux kernel. */
@NullMarked
package io.github.portpool.source.failures;

import org.jspecify.annotations.NullMarked;
