package io.github.portpool.oracle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The system calls with which the tests make sockets that Java's own classes cannot make. */
public final class Posix {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SHUT_WR = 1;
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_LINGER = 13;
  static final int SO_REUSEPORT = 15;
  static final int SO_SNDTIMEO = 21;
  static final int SO_BINDTOIFINDEX = 62;
  static final int IPPROTO_IP = 0;
  static final int IP_TRANSPARENT = 19;
  static final int IP_BIND_ADDRESS_NO_PORT = 24;
  static final int IPPROTO_TCP = 6;
  static final int TCP_DEFER_ACCEPT = 9;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int CLONE_NEWNET = 0x40000000;
  static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
  static final int EAGAIN = 11;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ECONNREFUSED = 111;
  static final int EINPROGRESS = 115;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> ERRNO_STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = handle("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CONNECT = handle("connect", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = handle("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT =
      handle("accept4", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle NAME = handle("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SHUTDOWN = handle("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = handle("close", JAVA_INT);
  private static final MethodHandle UNSHARE = handle("unshare", JAVA_INT);
  private static final MethodHandle CAPSET = handle("capset", ADDRESS, ADDRESS);

  private static final MethodHandle CLOCK = handle("clock_gettime", JAVA_INT, ADDRESS);
  private static final int CLOCK_MONOTONIC = 1;

  private Posix() {}

  @SuppressWarnings("restricted")
  private static MethodHandle handle(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** The result of the call, or the negated error number. */
  private static int call(MethodHandle handle, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    MemorySegment state = ERRNO_STATE.get();
    all[0] = state;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      int result = (int) handle.invokeWithArguments(all);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** What the kernel's CLOCK_MONOTONIC shows. */
  public static long monotonicNanos() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(JAVA_LONG, 2); // struct timespec
      call(CLOCK, CLOCK_MONOTONIC, time);
      return time.getAtIndex(JAVA_LONG, 0) * 1_000_000_000 + time.getAtIndex(JAVA_LONG, 1);
    }
  }

  static int socket(int family, int type) {
    return call(SOCKET, family, type | SOCK_CLOEXEC, 0);
  }

  static int bind(int fd, int family, InetAddress address, int port) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = socketAddress(arena, family, address, port);
      return call(BIND, fd, name, (int) name.byteSize());
    }
  }

  static int connect(int fd, int family, InetAddress address, int port) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = socketAddress(arena, family, address, port);
      return call(CONNECT, fd, name, (int) name.byteSize());
    }
  }

  static int listen(int fd, int backlog) {
    return call(LISTEN, fd, backlog);
  }

  static int accept(int fd) {
    return call(ACCEPT, fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  }

  static int localPort(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(28, 8);
      MemorySegment length = arena.allocateFrom(JAVA_INT, 28);
      int result = call(NAME, fd, name, length);
      return result < 0
          ? result
          : Short.toUnsignedInt(Short.reverseBytes(name.get(ValueLayout.JAVA_SHORT, 2)));
    }
  }

  static int setOption(int fd, int level, int option, int... values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, values);
      return call(SETSOCKOPT, fd, level, option, value, (int) value.byteSize());
    }
  }

  /** Sends a FIN, whoever else has the socket. */
  static int shutdownWrite(int fd) {
    return call(SHUTDOWN, fd, SHUT_WR);
  }

  static int close(int fd) {
    return call(CLOSE, fd);
  }

  /** Moves the calling thread into a network namespace of its own. */
  static int unshareNetwork() {
    return call(UNSHARE, CLONE_NEWNET);
  }

  /** Takes all capabilities from the calling thread, for good: capset(2). */
  static int dropCapabilities() {
    try (Arena arena = Arena.ofConfined()) {
      // struct { u32 version; int pid; }, struct { u32 effective, permitted, inheritable; }[2]
      MemorySegment header = arena.allocateFrom(JAVA_INT, LINUX_CAPABILITY_VERSION_3, 0);
      return call(CAPSET, header, arena.allocateFrom(JAVA_INT, new int[6]));
    }
  }

  /** struct sockaddr_in or sockaddr_in6; an IPv4 address in the latter is v4-mapped. */
  private static MemorySegment socketAddress(
      Arena arena, int family, InetAddress address, int port) {
    ByteBuffer bytes =
        ByteBuffer.allocate(family == AF_INET ? 16 : 28).order(ByteOrder.nativeOrder());
    bytes.putShort((short) family).order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (family == AF_INET) {
      bytes.put(address.getAddress());
    } else if (address instanceof Inet6Address) {
      bytes.putInt(0).put(address.getAddress());
    } else {
      bytes.putInt(0).putLong(0).putShort((short) 0).putShort((short) -1).put(address.getAddress());
    }
    MemorySegment segment = arena.allocate(bytes.capacity(), JAVA_LONG.byteAlignment());
    segment.copyFrom(MemorySegment.ofBuffer(bytes.rewind()));
    return segment;
  }
}
