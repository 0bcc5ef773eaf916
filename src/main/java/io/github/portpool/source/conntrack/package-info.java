/** Linux: connection tracking and NAT, nf_conntrack and ctnetlink. */
@NullMarked
package io.github.portpool.source.conntrack;

import org.jspecify.annotations.NullMarked;
