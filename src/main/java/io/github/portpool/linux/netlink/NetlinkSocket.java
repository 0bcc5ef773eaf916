package io.github.portpool.linux.netlink;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.Libc;
import io.github.portpool.linux.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A netlink socket: netlink(7).
 *
 * <p>It belongs to the network namespace of the thread that opens it, and works from any thread,
 * one at a time. It is connected to the kernel, so that no process can send to it. It has no memory
 * of its own: hundreds may be open, and a thread reads one at a time.
 */
public final class NetlinkSocket implements NetlinkChannel {
  /** sock_diag(7), {@code include/uapi/linux/netlink.h}. */
  public static final int NETLINK_SOCK_DIAG = 4;

  /** Netfilter: connection tracking among others. */
  public static final int NETLINK_NETFILTER = 12;

  /** The size of the receive buffer; the kernel sends at most 32 KiB at a time. */
  public static final int BUFFER_BYTES = 64 * 1024;

  private static final int AF_NETLINK = 16; // include/linux/socket.h
  private static final int SOCK_RAW = 3; // include/linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1; // include/uapi/asm-generic/socket.h
  private static final int SO_RCVTIMEO = 20;
  private static final int MSG_TRUNC = 0x20; // include/linux/socket.h
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOCKADDR_NL_BYTES = 12;
  private static final long TIMEOUT_SECONDS = 10;

  /** The native memory of one thread. */
  private record Memory(MemorySegment state, MemorySegment buffer) {
    static Memory allocate() {
      Arena arena = Arena.ofAuto();
      return new Memory(
          arena.allocate(Libc.ERRNO_LAYOUT), arena.allocate(BUFFER_BYTES, Long.BYTES));
    }
  }

  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::allocate);

  private final int fd;
  private boolean open = true;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  /**
   * Opens a socket.
   *
   * @param protocol {@link #NETLINK_SOCK_DIAG} or {@link #NETLINK_NETFILTER}
   * @throws SystemCallException when the kernel or a sandbox refuses it
   */
  public static NetlinkSocket open(int protocol) throws SystemCallException {
    MemorySegment state = MEMORY.get().state;
    int fd = Libc.socket(state, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    Libc.check("socket(AF_NETLINK)", state, fd);
    NetlinkSocket socket = new NetlinkSocket(fd);
    try {
      socket.connectToKernel(MEMORY.get());
      socket.limitWaiting(MEMORY.get());
      return socket;
    } catch (SystemCallException e) {
      socket.close();
      throw e;
    }
  }

  private void connectToKernel(Memory memory) throws SystemCallException {
    // struct sockaddr_nl { sa_family_t nl_family; u16 nl_pad; u32 nl_pid; u32 nl_groups; }: pid 0
    MemorySegment address = memory.buffer.asSlice(0, SOCKADDR_NL_BYTES).fill((byte) 0);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
    Libc.check("connect(AF_NETLINK)", memory.state, Libc.connect(memory.state, fd, address));
  }

  private void limitWaiting(Memory memory) throws SystemCallException {
    // struct timeval { long tv_sec; long tv_usec; }
    MemorySegment timeout = memory.buffer.asSlice(0, 2 * Long.BYTES).fill((byte) 0);
    timeout.set(ValueLayout.JAVA_LONG, 0, TIMEOUT_SECONDS);
    Libc.check(
        "setsockopt(SO_RCVTIMEO)",
        memory.state,
        Libc.setsockopt(memory.state, fd, SOL_SOCKET, SO_RCVTIMEO, timeout));
  }

  /** Sends one request of at most {@link #BUFFER_BYTES}. */
  @Override
  public void send(byte[] request) throws SystemCallException {
    Memory memory = MEMORY.get();
    MemorySegment.copy(request, 0, memory.buffer, ValueLayout.JAVA_BYTE, 0, request.length);
    long sent;
    do {
      sent = Libc.send(memory.state, fd, memory.buffer, request.length, 0);
    } while (sent < 0 && Errno.EINTR.is(Libc.errno(memory.state)));
    Libc.check("send(AF_NETLINK)", memory.state, sent);
  }

  /**
   * Receives one block of messages into {@code words}, which must hold {@link #BUFFER_BYTES}.
   *
   * @return its length in bytes; more than {@link #BUFFER_BYTES} when the block was cut off
   * @throws SystemCallException with EAGAIN when nothing came for ten seconds
   */
  @Override
  public int receive(int[] words) throws SystemCallException {
    Memory memory = MEMORY.get();
    long length = Libc.check("recv(AF_NETLINK)", memory.state, receive(memory, MSG_TRUNC));
    int copied = (int) (Math.min(length, BUFFER_BYTES) + Integer.BYTES - 1) / Integer.BYTES;
    MemorySegment.copy(memory.buffer, ValueLayout.JAVA_INT, 0, words, 0, copied);
    return (int) Math.min(length, Integer.MAX_VALUE);
  }

  /**
   * Receives what is left of an answer and drops it. A new socket would do so too, but it would
   * belong to the namespace of this thread.
   */
  @Override
  public void reset() throws SystemCallException {
    Memory memory = MEMORY.get();
    long length;
    do {
      length = receive(memory, MSG_DONTWAIT);
    } while (length >= 0);
    if (!Errno.EAGAIN.is(Libc.errno(memory.state))) {
      throw new SystemCallException("recv(AF_NETLINK)", Libc.errno(memory.state));
    }
  }

  private long receive(Memory memory, int flags) {
    long length;
    do {
      length = Libc.recv(memory.state, fd, memory.buffer, flags);
    } while (length < 0 && Errno.EINTR.is(Libc.errno(memory.state)));
    return length;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      Libc.close(MEMORY.get().state, fd);
    }
  }
}
