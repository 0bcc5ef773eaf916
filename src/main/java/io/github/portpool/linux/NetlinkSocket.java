package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A NETLINK_SOCK_DIAG socket: netlink(7), sock_diag(7).
 *
 * <p>It belongs to the network namespace of the thread that opens it, and works from any thread,
 * one at a time. It is connected to the kernel, so that no process can send to it.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** The size of the receive buffer; the kernel sends at most 32 KiB at a time. */
  public static final int BUFFER_BYTES = 64 * 1024;

  private static final int AF_NETLINK = 16; // include/linux/socket.h
  private static final int SOCK_RAW = 3; // include/linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_SOCK_DIAG = 4; // include/uapi/linux/netlink.h
  private static final int SOL_SOCKET = 1; // include/uapi/asm-generic/socket.h
  private static final int SO_RCVTIMEO = 20;
  private static final int MSG_TRUNC = 0x20; // include/linux/socket.h
  private static final int SOCKADDR_NL_BYTES = 12;
  private static final long TIMEOUT_SECONDS = 10;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Integer.BYTES);
  private final int fd;

  private NetlinkSocket() throws SystemCallException {
    fd = Libc.socket(state, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) {
      SystemCallException refused = refused("socket(AF_NETLINK, NETLINK_SOCK_DIAG)");
      arena.close();
      throw refused;
    }
  }

  /**
   * Opens a socket.
   *
   * @throws SystemCallException when the kernel or a sandbox refuses it
   */
  public static NetlinkSocket open() throws SystemCallException {
    NetlinkSocket socket = new NetlinkSocket();
    try {
      socket.connectToKernel();
      socket.limitWaiting();
      return socket;
    } catch (SystemCallException e) {
      socket.close();
      throw e;
    }
  }

  private void connectToKernel() throws SystemCallException {
    // struct sockaddr_nl { sa_family_t nl_family; u16 nl_pad; u32 nl_pid; u32 nl_groups; }: pid 0
    MemorySegment address = arena.allocate(SOCKADDR_NL_BYTES, Integer.BYTES);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
    if (Libc.connect(state, fd, address) < 0) {
      throw refused("connect(AF_NETLINK)");
    }
  }

  private void limitWaiting() throws SystemCallException {
    // struct timeval { long tv_sec; long tv_usec; }
    MemorySegment timeout = arena.allocate(2 * Long.BYTES, Long.BYTES);
    timeout.set(ValueLayout.JAVA_LONG, 0, TIMEOUT_SECONDS);
    if (Libc.setsockopt(state, fd, SOL_SOCKET, SO_RCVTIMEO, timeout) < 0) {
      throw refused("setsockopt(SO_RCVTIMEO)");
    }
  }

  /** Sends one request of at most {@link #BUFFER_BYTES}. */
  public void send(byte[] request) throws SystemCallException {
    MemorySegment.copy(request, 0, buffer, ValueLayout.JAVA_BYTE, 0, request.length);
    long sent;
    do {
      sent = Libc.send(state, fd, buffer, request.length, 0);
    } while (sent < 0 && Libc.errno(state) == Errno.EINTR);
    if (sent < 0) {
      throw refused("send(AF_NETLINK)");
    }
  }

  /**
   * Receives one block of messages into {@code words}, which must hold {@link #BUFFER_BYTES}.
   *
   * @return its length in bytes; more than {@link #BUFFER_BYTES} when the block was cut off
   * @throws SystemCallException with EAGAIN when nothing came for ten seconds
   */
  public int receive(int[] words) throws SystemCallException {
    long length;
    do {
      length = Libc.recv(state, fd, buffer, MSG_TRUNC);
    } while (length < 0 && Libc.errno(state) == Errno.EINTR);
    if (length < 0) {
      throw refused("recv(AF_NETLINK)");
    }
    int copied = (int) (Math.min(length, BUFFER_BYTES) + Integer.BYTES - 1) / Integer.BYTES;
    MemorySegment.copy(buffer, ValueLayout.JAVA_INT, 0, words, 0, copied);
    return (int) Math.min(length, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      Libc.close(state, fd);
      arena.close();
    }
  }

  private SystemCallException refused(String call) {
    return new SystemCallException(call, Libc.errno(state));
  }
}
