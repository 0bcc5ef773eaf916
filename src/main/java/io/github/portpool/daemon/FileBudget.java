package io.github.portpool.daemon;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How the open files that this process may have are shared, so that neither clients nor network
 * namespaces leave it without one: accept(2) would fail for ever, and no socket could be read.
 *
 * @param limit how many it may have: getrlimit(2), RLIMIT_NOFILE; the JVM takes what the hard limit
 *     allows
 * @param open how many it has from the start: jars, standard streams
 */
public record FileBudget(long limit, long open) {
  /** That of this process, when it has opened nothing of the host yet. */
  public static final FileBudget CURRENT = current();

  /** More clients than this are no use, and each keeps memory. */
  private static final int MOST_CONNECTIONS = 256;

  private static final int FEWEST_CONNECTIONS = 8;

  /** Netlink, cgroups, epoll, the walk over /proc, and what is open for a while. */
  private static final int OWN = 40;

  /** Clients that come at once, before those are closed that have to go. */
  private static final int NEWCOMERS = 64;

  /** Perf events, and those that replace them. */
  private static final int EACH_CPU = 4;

  /** The namespace and its sockstat, and three for its NAT table. */
  private static final int EACH_NAMESPACE = 5;

  /** The settings of one that is sampled, the way to its sockets, and into it. */
  private static final int EACH_SHOWN = 10;

  private static FileBudget current() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new FileBudget(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
        : new FileBudget(Long.MAX_VALUE, 0);
  }

  /** How many connections of clients there is room for. */
  public int connections() {
    return Math.clamp(shared() / 2, FEWEST_CONNECTIONS, MOST_CONNECTIONS);
  }

  /**
   * How many network namespaces may be held open besides.
   *
   * @param shown how many of them may be sampled
   */
  public int namespaces(int shown) {
    long left = shared() - connections();
    long allShown = left / (EACH_NAMESPACE + EACH_SHOWN);
    long most = allShown <= shown ? allShown : (left - (long) shown * EACH_SHOWN) / EACH_NAMESPACE;
    return Math.clamp(most, 0, Integer.MAX_VALUE);
  }

  private long shared() {
    return limit
        - open
        - OWN
        - NEWCOMERS
        - (long) EACH_CPU * Runtime.getRuntime().availableProcessors();
  }
}
