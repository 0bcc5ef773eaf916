/** Netlink dumps, netlink(7): what the sources that ask Linux in this way have in common. */
@NullMarked
package io.github.portpool.source.netlink;

import org.jspecify.annotations.NullMarked;
