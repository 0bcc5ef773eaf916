package io.github.portpool.oracle;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A socket of the kernel under test; errors are returned as error numbers. */
public final class TestSocket implements AutoCloseable {
  private final int fd;
  private final int family;
  private boolean open = true;

  private TestSocket(int fd, int family) {
    if (fd < 0) {
      throw new IllegalStateException("no socket: errno " + -fd);
    }
    this.fd = fd;
    this.family = family;
  }

  /** A TCP socket for IPv6 or IPv4. */
  public static TestSocket tcp(boolean ipv6) {
    int family = ipv6 ? Posix.AF_INET6 : Posix.AF_INET;
    return new TestSocket(Posix.socket(family, Posix.SOCK_STREAM), family);
  }

  /** A TCP socket whose connect() and accept() do not wait. */
  static TestSocket tcpNonBlocking(boolean ipv6) {
    int family = ipv6 ? Posix.AF_INET6 : Posix.AF_INET;
    return new TestSocket(Posix.socket(family, Posix.SOCK_STREAM | Posix.SOCK_NONBLOCK), family);
  }

  /** A UDP socket for IPv6 or IPv4. */
  public static TestSocket udp(boolean ipv6) {
    int family = ipv6 ? Posix.AF_INET6 : Posix.AF_INET;
    return new TestSocket(Posix.socket(family, Posix.SOCK_DGRAM), family);
  }

  TestSocket option(int level, int name, int... values) {
    int result = Posix.setOption(fd, level, name, values);
    if (result < 0) {
      throw new IllegalStateException("setsockopt: errno " + -result);
    }
    return this;
  }

  public TestSocket reuseAddress() {
    return option(Posix.SOL_SOCKET, Posix.SO_REUSEADDR, 1);
  }

  TestSocket reusePort() {
    return option(Posix.SOL_SOCKET, Posix.SO_REUSEPORT, 1);
  }

  public TestSocket v6only(boolean only) {
    return option(Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, only ? 1 : 0);
  }

  /** bind() then chooses the address alone, and connect() the port. */
  TestSocket bindAddressNoPort() {
    return option(Posix.IPPROTO_IP, Posix.IP_BIND_ADDRESS_NO_PORT, 1);
  }

  /** Binds it to an interface, unless the index is 0; an accepted socket is bound to none. */
  TestSocket boundTo(int interfaceIndex) {
    return interfaceIndex == 0
        ? this
        : option(Posix.SOL_SOCKET, Posix.SO_BINDTOIFINDEX, interfaceIndex);
  }

  /** Its addresses need not be the host's: that of a transparent proxy. */
  TestSocket transparent() {
    return option(Posix.IPPROTO_IP, Posix.IP_TRANSPARENT, 1);
  }

  /** close() then sends a reset and leaves nothing behind. */
  public TestSocket resetOnClose() {
    return option(Posix.SOL_SOCKET, Posix.SO_LINGER, 1, 0);
  }

  /** 0 or an error number. */
  public int bind(String address, int port) {
    return -Posix.bind(fd, family, ip(address), port);
  }

  /** 0 or an error number. */
  public int connect(String address, int port) {
    return -Posix.connect(fd, family, ip(address), port);
  }

  /** 0 or an error number. */
  public int listen(int backlog) {
    return -Posix.listen(fd, backlog);
  }

  /** A connection, or null when none waits and the listener does not block. */
  @Nullable TestSocket accept() {
    int accepted = Posix.accept(fd);
    if (accepted == -Posix.EAGAIN) {
      return null;
    }
    return new TestSocket(accepted, family);
  }

  /**
   * Sends a FIN and closes it. close() alone may send it later: a program that another test starts
   * has the socket, too, until it runs.
   */
  void hangUp() {
    Posix.shutdownWrite(fd);
    close();
  }

  int localPort() {
    return Posix.localPort(fd);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      Posix.close(fd);
    }
  }

  private static InetAddress ip(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
