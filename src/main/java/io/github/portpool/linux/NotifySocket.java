package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The socket that a service manager listens on for news of its services: sd_notify(3), unix(7).
 *
 * <p>It is one descriptor, open from the beginning, so that a process without free descriptors can
 * still say that it lives. For one thread at a time.
 */
public final class NotifySocket implements AutoCloseable {
  /** A longer address does not fit {@code struct sockaddr_un}. */
  public static final int MAX_ADDRESS_BYTES = 107;

  /** A longer message is cut off. */
  public static final int MAX_MESSAGE_BYTES = 2048;

  private static final int AF_UNIX = 1; // include/linux/socket.h
  private static final int SOCK_DGRAM = 2; // include/linux/net.h
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment message = arena.allocate(MAX_MESSAGE_BYTES);
  private final MemorySegment address;
  private final int fd;

  private NotifySocket(byte[] name) throws SystemCallException {
    // A name in the abstract namespace is as long as said, a path ends with a zero.
    int zero = name[0] == 0 ? 0 : 1;
    address = arena.allocate((long) Short.BYTES + name.length + zero);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
    fd = Libc.socket(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    Libc.check("socket(AF_UNIX)", state, fd);
  }

  /**
   * Opens a socket.
   *
   * @param name where the service manager listens: a path, or a name in the abstract namespace that
   *     begins with {@code @}
   * @throws SystemCallException when the name is too long or the kernel refuses the socket
   */
  public static NotifySocket open(String name) throws SystemCallException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_ADDRESS_BYTES) {
      throw new SystemCallException("connect(AF_UNIX)", Errno.ENAMETOOLONG.number());
    }
    if (name.startsWith("@")) {
      bytes[0] = 0;
    }
    return new NotifySocket(bytes);
  }

  /**
   * Sends a message, without waiting.
   *
   * @throws SystemCallException when nobody listens, or does not keep up
   */
  public void send(String text) throws SystemCallException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_MESSAGE_BYTES);
    MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, length);
    // Connected for each message: the service manager may have been started again since.
    Libc.check("connect(AF_UNIX)", state, Libc.connect(state, fd, address));
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    Libc.check("send(AF_UNIX)", state, Libc.send(state, fd, message, length, flags));
  }

  @Override
  public void close() {
    Libc.close(state, fd);
    arena.close();
  }
}
