package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.netlink.NetlinkChannel;

/** A Linux kernel, running or recorded: its sockets and its settings. */
public interface KernelChannel extends Sysctls, NetlinkChannel {}
