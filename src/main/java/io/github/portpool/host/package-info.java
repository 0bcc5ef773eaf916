/** What else the host is made of, in immutable values: control groups, processes, NAT, failures. */
@NullMarked
package io.github.portpool.host;

import org.jspecify.annotations.NullMarked;
