package io.github.portpool.linux;

import java.io.IOException;

/** A system call that the kernel refused. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1;

  private final int errno;

  /** The refusal of a call, such as {@code socket(AF_NETLINK)}, with its error number. */
  public SystemCallException(String call, int errno) {
    super(call + ": " + Errno.name(errno));
    this.errno = errno;
  }

  /** The error number, see {@link Errno}. */
  public int errno() {
    return errno;
  }
}
