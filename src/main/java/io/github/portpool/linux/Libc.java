package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The functions of the C library that are called; see their man pages in section 2.
 *
 * <p>Each takes a segment of {@link #ERRNO_LAYOUT} that belongs to the caller's own thread, and
 * returns what C returns; {@link #errno} then reads the segment. That segment keeps its arena open
 * during the call, so that other segments must come from the same arena, or outlive the call.
 */
public final class Libc {
  public static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

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

  private static final int O_CLOEXEC = 0x80000; // include/uapi/asm-generic/fcntl.h, O_RDONLY is 0

  /**
   * The symbols. All are given six words, as the kernel is, whatever they take: they find what is
   * theirs in the first registers, an int in the lower half of one. So they have one shape, which
   * takes Java some milliseconds to make, and a symbol more costs next to nothing.
   */
  private enum Function {
    CLOSE,
    CONNECT,
    DUP2,
    EPOLL_CREATE1,
    EPOLL_CTL,
    EPOLL_WAIT,
    EVENTFD,
    EVENTFD_WRITE,
    GETPAGESIZE,
    IOCTL(Linker.Option.firstVariadicArg(2)),
    MADVISE,
    MMAP,
    MUNMAP,
    OPENAT,
    READ,
    READLINKAT,
    RECV,
    SEND,
    SETNS,
    SETSOCKOPT,
    SOCKET,
    /** For calls that the C library does not wrap, or only lately. */
    SYSCALL(Linker.Option.firstVariadicArg(1));

    private final MethodHandle handle;

    @SuppressWarnings("restricted")
    Function(Linker.Option... variadic) {
      List<Linker.Option> options = new ArrayList<>(List.of(variadic));
      options.add(Linker.Option.captureCallState("errno"));
      Linker linker = Linker.nativeLinker();
      handle =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow(name().toLowerCase(Locale.ROOT)),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              options.toArray(Linker.Option[]::new));
    }

    /** Calls it with words that are 0 where it takes none. */
    long call(MemorySegment state, long a, long b, long c, long d, long e, long f) {
      try {
        return (long) handle.invokeExact(state, a, b, c, d, e, f);
      } catch (Throwable thrown) {
        throw new AssertionError(thrown); // what is wrong with the call itself
      }
    }
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
    return (int) Function.SOCKET.call(state, domain, type, protocol, 0, 0, 0);
  }

  public static int connect(MemorySegment state, int fd, MemorySegment name) {
    return (int) Function.CONNECT.call(state, fd, name.address(), name.byteSize(), 0, 0, 0);
  }

  static int dup2(MemorySegment state, int from, int to) {
    return (int) Function.DUP2.call(state, from, to, 0, 0, 0, 0);
  }

  public static int setsockopt(
      MemorySegment state, int fd, int level, int name, MemorySegment value) {
    return (int)
        Function.SETSOCKOPT.call(state, fd, level, name, value.address(), value.byteSize(), 0);
  }

  public static long send(
      MemorySegment state, int fd, MemorySegment bytes, long length, int flags) {
    return Function.SEND.call(state, fd, bytes.address(), length, flags, 0, 0);
  }

  public static long recv(MemorySegment state, int fd, MemorySegment bytes, int flags) {
    return Function.RECV.call(state, fd, bytes.address(), bytes.byteSize(), flags, 0, 0);
  }

  /** Closes a descriptor, whatever comes of it. */
  static void close(int fd) {
    try (Arena own = Arena.ofConfined()) {
      close(own.allocate(ERRNO_LAYOUT), fd);
    }
  }

  public static int close(MemorySegment state, int fd) {
    return (int) Function.CLOSE.call(state, fd, 0, 0, 0, 0, 0);
  }

  /** Opens a file or directory to read it; a program that is started does not get it. */
  static int open(MemorySegment state, MemorySegment path) {
    return (int) Function.OPENAT.call(state, AT_FDCWD, path.address(), O_CLOEXEC, 0, 0, 0);
  }

  static long read(MemorySegment state, int fd, MemorySegment bytes) {
    return Function.READ.call(state, fd, bytes.address(), bytes.byteSize(), 0, 0, 0);
  }

  static int setns(MemorySegment state, int fd, int type) {
    return (int) Function.SETNS.call(state, fd, type, 0, 0, 0, 0);
  }

  /** An ioctl whose argument is a number, or the address of something. */
  static int ioctl(MemorySegment state, int fd, long request, long argument) {
    return (int) Function.IOCTL.call(state, fd, request, argument, 0, 0, 0);
  }

  static long readlinkat(
      MemorySegment state, int directory, MemorySegment path, MemorySegment target) {
    return Function.READLINKAT.call(
        state, directory, path.address(), target.address(), target.byteSize(), 0, 0);
  }

  /** Maps a file from its beginning; the address, or -1. */
  static long mmap(MemorySegment state, long length, int protection, int flags, int fd) {
    return Function.MMAP.call(state, 0, length, protection, flags, fd, 0);
  }

  static int getdents64(MemorySegment state, int fd, MemorySegment entries) {
    return syscall(state, SYS_GETDENTS64, fd, entries.address(), entries.byteSize(), 0, 0);
  }

  /** Compares what two threads have: 0 where it is the same, more where it is not. */
  static int kcmp(MemorySegment state, int one, int other, long kind) {
    return syscall(state, SYS_KCMP, one, other, kind, 0, 0);
  }

  static int munmap(MemorySegment state, MemorySegment pages) {
    return (int) Function.MUNMAP.call(state, pages.address(), pages.byteSize(), 0, 0, 0, 0);
  }

  static int madvise(MemorySegment state, long address, long length, int advice) {
    return (int) Function.MADVISE.call(state, address, length, advice, 0, 0, 0);
  }

  static int getpagesize(MemorySegment state) {
    return (int) Function.GETPAGESIZE.call(state, 0, 0, 0, 0, 0, 0);
  }

  static int epollCreate(MemorySegment state, int flags) {
    return (int) Function.EPOLL_CREATE1.call(state, flags, 0, 0, 0, 0, 0);
  }

  static int epollCtl(MemorySegment state, int epoll, int operation, int fd, MemorySegment event) {
    return (int) Function.EPOLL_CTL.call(state, epoll, operation, fd, event.address(), 0, 0);
  }

  /** Waits, without an end, for one event. */
  static int epollWait(MemorySegment state, int epoll, MemorySegment event) {
    return (int) Function.EPOLL_WAIT.call(state, epoll, event.address(), 1, -1, 0, 0);
  }

  static int eventfd(MemorySegment state, int flags) {
    return (int) Function.EVENTFD.call(state, 0, flags, 0, 0, 0, 0);
  }

  static int eventfdWrite(MemorySegment state, int fd, long value) {
    return (int) Function.EVENTFD_WRITE.call(state, fd, value, 0, 0, 0, 0);
  }

  /** A system call by its number; arguments that it does not have are 0. */
  static int syscall(MemorySegment state, long number, long a, long b, long c, long d, long e) {
    return (int) Function.SYSCALL.call(state, number, a, b, c, d, e);
  }
}
