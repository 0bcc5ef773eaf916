/** Linux: NETLINK_SOCK_DIAG, sock_diag(7). */
@NullMarked
package io.github.portpool.source.sockdiag;

import org.jspecify.annotations.NullMarked;
