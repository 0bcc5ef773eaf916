package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
final class Libc {
  static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CONNECT =
      handle("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      handle(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      handle("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECV =
      handle("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle OPENAT =
      handle("openat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle READLINKAT =
      handle("readlinkat", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle GETDENTS64 =
      handle("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));

  /** The C library wraps it only since glibc 2.30; include/uapi/asm-generic/unistd.h has 61. */
  private static final long SYS_GETDENTS64 =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 217;
        case "ppc64le" -> 202;
        default -> 61;
      };

  private static final MethodHandle SETNS =
      handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  /** The directory that relative paths of openat(2) begin at: include/uapi/linux/fcntl.h. */
  static final int AT_FDCWD = -100;

  private Libc() {}

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  static int socket(MemorySegment state, int domain, int type, int protocol) {
    try {
      return (int) SOCKET.invokeExact(state, domain, type, protocol);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int connect(MemorySegment state, int fd, MemorySegment address) {
    try {
      return (int) CONNECT.invokeExact(state, fd, address, (int) address.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value) {
    try {
      return (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, (int) value.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long send(MemorySegment state, int fd, MemorySegment bytes, long length, int flags) {
    try {
      return (long) SEND.invokeExact(state, fd, bytes, length, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long recv(MemorySegment state, int fd, MemorySegment bytes, int flags) {
    try {
      return (long) RECV.invokeExact(state, fd, bytes, bytes.byteSize(), flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(MemorySegment state, int fd) {
    try {
      return (int) CLOSE.invokeExact(state, fd);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int openat(MemorySegment state, int directory, MemorySegment path, int flags) {
    try {
      return (int) OPENAT.invokeExact(state, directory, path, flags);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setns(MemorySegment state, int fd, int type) {
    try {
      return (int) SETNS.invokeExact(state, fd, type);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long readlinkat(
      MemorySegment state, int directory, MemorySegment path, MemorySegment target) {
    try {
      return (long) READLINKAT.invokeExact(state, directory, path, target, target.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long getdents64(MemorySegment state, int fd, MemorySegment entries) {
    try {
      return (long)
          GETDENTS64.invokeExact(state, SYS_GETDENTS64, (long) fd, entries, entries.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /** A downcall throws only what is wrong with the call itself. */
  private static AssertionError unexpected(Throwable e) {
    return new AssertionError(e);
  }
}
