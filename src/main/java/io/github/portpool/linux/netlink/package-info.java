/**
 * Netlink, netlink(7), and what sock_diag(7) and ctnetlink say in it: the channel to the kernel,
 * requests, answers, attributes, and the numbers of both.
 */
@NullMarked
package io.github.portpool.linux.netlink;

import org.jspecify.annotations.NullMarked;
