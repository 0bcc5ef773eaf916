/** The ways into a host: which source suits the system, and what else this host lets one read. */
@NullMarked
package io.github.portpool.access;

import org.jspecify.annotations.NullMarked;
