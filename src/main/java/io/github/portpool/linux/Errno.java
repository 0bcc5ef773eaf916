package io.github.portpool.linux;

import org.jspecify.annotations.Nullable;

/** Linux error numbers, {@code include/uapi/asm-generic/errno-base.h} and {@code errno.h}. */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  ESRCH(3),
  EINTR(4),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EBUSY(16),
  ENODEV(19),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ENAMETOOLONG(36),
  ENOSYS(38),
  EPROTONOSUPPORT(93),
  EOPNOTSUPP(95),
  EAFNOSUPPORT(97),
  ENOBUFS(105);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** Whether a system call failed with this number. */
  public boolean is(int errno) {
    return errno == number;
  }

  /** The number. */
  public int number() {
    return number;
  }

  /** The constant of an error number, or null for one that is not expected here. */
  public static @Nullable Errno of(int errno) {
    for (Errno known : values()) {
      if (known.is(errno)) {
        return known;
      }
    }
    return null;
  }

  /** The name of an error number, or {@code errno 42} for one that is not expected here. */
  public static String name(int errno) {
    Errno known = of(errno);
    return known == null ? "errno " + errno : known.name();
  }
}
