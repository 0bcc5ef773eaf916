package io.github.portpool.oracle;

import io.github.portpool.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace of a test, and the one thread that lives in it. It is gone with its thread
 * and its sockets.
 */
public final class Netns implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("netns").daemon().factory());

  private String name = "";

  private Netns() {}

  /** A new namespace with loopback up; skips the test where it may not be made. */
  public static Netns create() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/usr/bin/ip")),
        "ip is missing: install the Debian package iproute2");
    Netns netns = new Netns();
    int result = netns.call(Posix::unshareNetwork);
    if (result < 0) {
      netns.close();
    }
    Assumptions.assumeTrue(result == 0, "a network namespace cannot be made: run as root");
    netns.ip("link", "set", "lo", "up");
    netns.awaitReachable("::1");
    return netns;
  }

  /** Runs something in the namespace and waits for it. */
  public <T> T call(Callable<T> work) throws Exception {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw e;
      }
    }
  }

  /** Runs ip(8) in the namespace. */
  public void ip(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    run(command);
  }

  /** Runs a program in the namespace. */
  public void run(String... command) throws Exception {
    int status = call(() -> new ProcessBuilder(command).inheritIO().start().waitFor());
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  /** Gives it a name under /run/netns until {@link #close}. */
  public void name(String unique) throws Exception {
    String thread = call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")).toString());
    ip("netns", "attach", unique, thread.substring(thread.lastIndexOf('/') + 1));
    name = unique;
  }

  /** Takes the name away again. */
  public void unname() throws Exception {
    String given = name;
    name = "";
    ip("netns", "delete", given);
  }

  /** Adds an address to loopback and waits until it is reachable, which IPv6 takes a moment for. */
  public void address(String address) throws Exception {
    if (address.contains(":")) {
      ip("addr", "add", address + "/128", "dev", "lo", "nodad");
    } else {
      ip("addr", "add", address + "/32", "dev", "lo");
    }
    awaitReachable(address);
  }

  private void awaitReachable(String address) throws Exception {
    Await.until(address + " is reachable", () -> call(() -> reachable(address)));
  }

  /** Whether packets come back: the route to an IPv6 address is there before it takes packets. */
  private static boolean reachable(String address) {
    try (TestSocket socket = TestSocket.tcp(address.contains(":"))) {
      // struct timeval: 50 ms
      socket.option(Posix.SOL_SOCKET, Posix.SO_SNDTIMEO, 0, 0, 50_000, 0);
      return socket.connect(address, 9) == Posix.ECONNREFUSED;
    }
  }

  /** Writes a setting of the namespace, for example {@code ip_local_port_range}. */
  public void sysctl(String name, String value) throws Exception {
    call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4", name), value));
  }

  /**
   * Sets the age in milliseconds that a TIME_WAIT must exceed to be reused. Before Linux 6.14 that
   * is always the kernel's next second: a test of any other age but a short one is skipped there.
   */
  public void reuseDelay(int millis) throws Exception {
    if (Kernel.hasReuseDelay()) {
      sysctl("tcp_tw_reuse_delay", String.valueOf(millis));
    } else {
      Assumptions.assumeTrue(millis <= 1, "before Linux 6.14 the delay cannot be set");
    }
  }

  /** Makes the ephemeral range from {@code first} to {@code last}. */
  public void range(int first, int last) throws Exception {
    sysctl("ip_local_port_range", first + " " + last);
  }

  @Override
  public void close() {
    try {
      if (!name.isEmpty()) {
        unname();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      thread.shutdownNow();
    }
  }
}
