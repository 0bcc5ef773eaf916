package io.github.portpool.export.web.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The names of this host: the kernel's, and those that the resolver knows.
 *
 * <p>A resolver may take its time, so it is asked by a thread of its own: at once, and again when a
 * name is asked about that is not known, but no more often than once a minute. Thread-safe.
 */
public final class OwnNames {
  private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");
  private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private volatile Set<String> names = Set.of();
  private long asked;

  /** The names as far as they are known; begins to ask for the others. */
  public OwnNames() {
    try {
      names = Set.of(Files.readString(KERNELS).strip().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      // Another system, or /proc is hidden: the resolver has them.
    }
    asked = System.nanoTime();
    ask();
  }

  /** Whether a name in lower case is one of them. */
  public boolean contain(String name) {
    boolean known = names.contains(name);
    if (!known && isTimeToAsk()) {
      ask();
    }
    return known;
  }

  private synchronized boolean isTimeToAsk() {
    boolean time = System.nanoTime() - asked > REST_NANOS;
    if (time) {
      asked = System.nanoTime();
    }
    return time;
  }

  private void ask() {
    Thread.ofPlatform().daemon().name("portpool-names").start(this::resolve);
  }

  private void resolve() {
    Set<String> known = new HashSet<>(names);
    try {
      InetAddress local = InetAddress.getLocalHost();
      known.add(local.getHostName().toLowerCase(Locale.ROOT));
      known.add(local.getCanonicalHostName().toLowerCase(Locale.ROOT));
      names = Set.copyOf(known);
    } catch (IOException e) {
      // It is asked again later.
    }
  }
}
