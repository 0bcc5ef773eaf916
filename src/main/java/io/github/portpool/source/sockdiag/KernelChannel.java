package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.netlink.NetlinkChannel;

/** A Linux kernel, running or recorded: its sockets and its settings. */
public interface KernelChannel extends Sysctls, NetlinkChannel {
  /** The nanoseconds of the kernel's CLOCK_MONOTONIC, whose seconds age a TIME_WAIT. */
  long nanos();
}
