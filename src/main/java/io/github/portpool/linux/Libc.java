package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The functions of the C library that are called; see their man pages in section 2.
 *
 * <p>Each takes a segment of {@link #ERRNO_LAYOUT} that belongs to the caller's own thread, and
 * returns what C returns; {@link #errno} then reads the segment.
 */
public final class Libc {
  public static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT =
      handle("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SEND =
      handle("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECV =
      handle("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  /** The C library wraps it only since glibc 2.30; include/uapi/asm-generic/unistd.h has 61. */
  private static final long SYS_GETDENTS64 =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 217;
        case "ppc64le" -> 202;
        default -> 61;
      };

  /** The C library does not wrap it; include/uapi/asm-generic/unistd.h has 272. */
  private static final long SYS_KCMP =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 312;
        case "ppc64le" -> 354;
        default -> 272;
      };

  /** The directory that relative paths of openat(2) begin at: include/uapi/linux/fcntl.h. */
  static final int AT_FDCWD = -100;

  /** Functions that the first sample does not need; linking each takes a few milliseconds. */
  private static final class Looking {
    static final MethodHandle CLOSE = handle("close", JAVA_INT, JAVA_INT);
    static final MethodHandle OPENAT = handle("openat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    /** The C library wraps none of the calls that it is used for, or only lately. */
    static final MethodHandle SYSCALL =
        variadic(
            "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
  }

  /** Functions that only perf events need. */
  private static final class Mapping {
    static final MethodHandle READ = handle("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle MMAP =
        handle("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP = handle("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle GETPAGESIZE = handle("getpagesize", JAVA_INT);
    static final MethodHandle IOCTL =
        variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  }

  /**
   * Functions that only watching for events needs, and looking at a process that soon ends: all are
   * linked before the first event.
   */
  private static final class Watching {
    static final MethodHandle READLINKAT =
        handle("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle EPOLL_CREATE1 = handle("epoll_create1", JAVA_INT, JAVA_INT);
    static final MethodHandle EPOLL_CTL =
        handle("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle EPOLL_WAIT =
        handle("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle EVENTFD_WRITE =
        handle("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
  }

  /** What only the giving back of memory needs. */
  private static final class Giving {
    static final MethodHandle MADVISE = handle("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  }

  /** What only network namespaces of others need. */
  private static final class Entering {
    static final MethodHandle SETNS = handle("setns", JAVA_INT, JAVA_INT, JAVA_INT);
  }

  private Libc() {}

  public static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /** What a call has returned; throws what the kernel refused it with where that is negative. */
  public static long check(String call, MemorySegment state, long result)
      throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(call, errno(state));
    }
    return result;
  }

  public static int socket(MemorySegment state, int domain, int type, int protocol) {
    try {
      return (int) SOCKET.invokeExact(state, domain, type, protocol);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int connect(MemorySegment state, int fd, MemorySegment address) {
    try {
      return (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static int setsockopt(
      MemorySegment state, int fd, int level, int name, MemorySegment value) {
    try {
      return (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, (int) value.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static long send(
      MemorySegment state, int fd, MemorySegment bytes, long length, int flags) {
    try {
      return (long) SEND.invokeExact(state, fd, bytes, length, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  public static long recv(MemorySegment state, int fd, MemorySegment bytes, int flags) {
    try {
      return (long) RECV.invokeExact(state, fd, bytes, bytes.byteSize(), flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Closes a descriptor, whatever comes of it. */
  static void close(int fd) {
    try (Arena own = Arena.ofConfined()) {
      close(own.allocate(ERRNO_LAYOUT), fd);
    }
  }

  public static int close(MemorySegment state, int fd) {
    try {
      return (int) Looking.CLOSE.invokeExact(state, fd);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int openat(MemorySegment state, int directory, MemorySegment path, int flags) {
    try {
      return (int) Looking.OPENAT.invokeExact(state, directory, path, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long read(MemorySegment state, int fd, MemorySegment bytes) {
    try {
      return (long) Mapping.READ.invokeExact(state, fd, bytes, bytes.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setns(MemorySegment state, int fd, int type) {
    try {
      return (int) Entering.SETNS.invokeExact(state, fd, type);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** An ioctl whose argument is a number, or the address of something. */
  static int ioctl(MemorySegment state, int fd, long request, long argument) {
    try {
      return (int) Mapping.IOCTL.invokeExact(state, fd, request, argument);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long readlinkat(
      MemorySegment state, int directory, MemorySegment path, MemorySegment target) {
    try {
      return (long)
          Watching.READLINKAT.invokeExact(state, directory, path, target, target.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Maps a file from its beginning; the address, or -1. */
  static long mmap(MemorySegment state, long length, int protection, int flags, int fd) {
    try {
      return (long) Mapping.MMAP.invokeExact(state, 0L, length, protection, flags, fd, 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int getdents64(MemorySegment state, int fd, MemorySegment entries) {
    return syscall(state, SYS_GETDENTS64, fd, entries.address(), entries.byteSize(), 0, 0);
  }

  /** Compares what two threads have: 0 where it is the same, more where it is not. */
  static int kcmp(MemorySegment state, int one, int other, long kind) {
    return syscall(state, SYS_KCMP, one, other, kind, 0, 0);
  }

  static int munmap(MemorySegment state, MemorySegment pages) {
    try {
      return (int) Mapping.MUNMAP.invokeExact(state, pages, pages.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int madvise(MemorySegment state, long address, long length, int advice) {
    try {
      return (int) Giving.MADVISE.invokeExact(state, address, length, advice);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int getpagesize(MemorySegment state) {
    try {
      return (int) Mapping.GETPAGESIZE.invokeExact(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epollCreate(MemorySegment state, int flags) {
    try {
      return (int) Watching.EPOLL_CREATE1.invokeExact(state, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epollCtl(MemorySegment state, int epoll, int operation, int fd, MemorySegment event) {
    try {
      return (int) Watching.EPOLL_CTL.invokeExact(state, epoll, operation, fd, event);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Waits, without an end, for one event. */
  static int epollWait(MemorySegment state, int epoll, MemorySegment event) {
    try {
      return (int) Watching.EPOLL_WAIT.invokeExact(state, epoll, event, 1, -1);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int eventfd(MemorySegment state, int flags) {
    try {
      return (int) Watching.EVENTFD.invokeExact(state, 0, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int eventfdWrite(MemorySegment state, int fd, long value) {
    try {
      return (int) Watching.EVENTFD_WRITE.invokeExact(state, fd, value);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A system call by its number; arguments that it does not have are 0. */
  static int syscall(MemorySegment state, long number, long a, long b, long c, long d, long e) {
    try {
      return (int) (long) Looking.SYSCALL.invokeExact(state, number, a, b, c, d, e);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
    return link(name, result, arguments, Linker.Option.captureCallState("errno"));
  }

  /** Of a function whose argument of an index, and those after it, are variable. */
  private static MethodHandle variadic(
      String name, int index, MemoryLayout result, MemoryLayout... arguments) {
    return link(
        name,
        result,
        arguments,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(index));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String name, MemoryLayout result, MemoryLayout[] arguments, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options);
  }

  /** A downcall throws only what is wrong with the call itself. */
  private static AssertionError unexpected(Throwable e) {
    return new AssertionError(e);
  }
}
