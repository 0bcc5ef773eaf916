package io.github.portpool.oracle;

import io.github.portpool.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The oracle: really connects or binds until the kernel refuses, and takes it all back. */
public final class Kernel {
  private static final int MORE_THAN_ANY_RANGE = 70_000;

  private static final long COARSE_NANOS = 20_000_000;

  private Kernel() {}

  /** Whether the age from which on a TIME_WAIT is reused is a setting: since Linux 6.14. */
  static boolean hasReuseDelay() {
    return Files.exists(Path.of("/proc/sys/net/ipv4/tcp_tw_reuse_delay"));
  }

  /**
   * Waits until every TIME_WAIT is older than a millisecond, or before Linux 6.14 until the
   * kernel's next second has begun, also for its coarse clock.
   */
  static void ageTimeWaits() throws Exception {
    if (hasReuseDelay()) {
      Thread.sleep(20);
      return;
    }
    long second = seconds(0);
    Await.until("a second has passed", () -> seconds(COARSE_NANOS) > second);
  }

  private static long seconds(long agoNanos) {
    return (Posix.monotonicNanos() - agoNanos) / 1_000_000_000;
  }

  /** How many connect() calls from a source to a listener succeed until EADDRNOTAVAIL. */
  static int connects(String source, Server server, String address) {
    return connects(source, server, address, 0);
  }

  /** The same for sockets that are bound to an interface, unless its index is 0. */
  static int connects(String source, Server server, String address, int interfaceIndex) {
    boolean ipv6 = address.contains(":");
    int count =
        until(
            Posix.EADDRNOTAVAIL,
            () -> {
              TestSocket socket =
                  TestSocket.tcp(ipv6).resetOnClose().bindAddressNoPort().boundTo(interfaceIndex);
              check(socket.bind(source, 0));
              return attempt(socket, socket.connect(address, server.port()));
            });
    server.drain();
    return count;
  }

  /** How many TCP bind() calls to port 0 succeed until EADDRINUSE, in the worse family. */
  static int binds() {
    return Math.min(binds("0.0.0.0"), binds("::"));
  }

  /** How many TCP bind() calls to an address and port 0 succeed until EADDRINUSE. */
  static int binds(String address) {
    return until(
        Posix.EADDRINUSE,
        () -> {
          TestSocket socket = TestSocket.tcp(address.contains(":"));
          return attempt(socket, socket.bind(address, 0));
        });
  }

  /** How many UDP bind() calls to port 0 succeed until EADDRINUSE, in the worse family. */
  static int udpBinds() {
    return Math.min(udpBinds("0.0.0.0"), udpBinds("::"));
  }

  private static int udpBinds(String address) {
    return until(
        Posix.EADDRINUSE,
        () -> {
          TestSocket socket = TestSocket.udp(address.contains(":"));
          return attempt(socket, socket.bind(address, 0));
        });
  }

  /** How many UDP connect() calls succeed until EAGAIN, in the worse family. */
  static int udpConnects() {
    return Math.min(udpConnects("127.0.0.1", 53), udpConnects("::1", 53));
  }

  /** How many UDP connect() calls succeed until EAGAIN. */
  static int udpConnects(String address, int port) {
    return until(
        Posix.EAGAIN,
        () -> {
          TestSocket socket = TestSocket.udp(address.contains(":"));
          return attempt(socket, socket.connect(address, port));
        });
  }

  private interface Attempt {
    Object make();
  }

  private static Object attempt(TestSocket socket, int errno) {
    if (errno == 0) {
      return socket;
    }
    socket.close();
    return errno;
  }

  private static int until(int refusal, Attempt attempt) {
    List<TestSocket> made = new ArrayList<>();
    try {
      while (made.size() < MORE_THAN_ANY_RANGE) {
        switch (attempt.make()) {
          case TestSocket socket -> made.add(socket);
          case Integer errno when errno == refusal -> {
            return made.size();
          }
          case Object errno -> throw new AssertionError("refused with errno " + errno);
        }
      }
      throw new AssertionError("the kernel refuses nothing");
    } finally {
      made.forEach(TestSocket::close);
    }
  }

  /** Fails on an error number. */
  public static void check(int errno) {
    if (errno != 0) {
      throw new AssertionError("errno " + errno);
    }
  }

  /** A listener outside the range that destinations are made of; it serves IPv4 and IPv6. */
  public static final class Server implements AutoCloseable {
    private final TestSocket ipv4 = TestSocket.tcpNonBlocking(false);
    private final TestSocket ipv6 = TestSocket.tcpNonBlocking(true);
    private final int port;

    /** Listens on all addresses. */
    public Server(int port) {
      this.port = port;
      check(ipv4.reuseAddress().bind("0.0.0.0", port));
      check(ipv4.listen(4096));
      check(ipv6.v6only(true).reuseAddress().bind("::", port));
      check(ipv6.listen(4096));
    }

    int port() {
      return port;
    }

    /** The next connection that waits, or null. */
    @Nullable TestSocket accept() {
      TestSocket accepted = ipv4.accept();
      return accepted != null ? accepted : ipv6.accept();
    }

    /** Accepts and closes all that waits. */
    public void drain() {
      for (TestSocket waiting = accept(); waiting != null; waiting = accept()) {
        waiting.close();
      }
    }

    @Override
    public void close() {
      ipv4.close();
      ipv6.close();
    }
  }
}
