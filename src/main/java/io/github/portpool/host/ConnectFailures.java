package io.github.portpool.host;

import java.util.Map;

/**
 * The connect() calls that failed for lack of a port (EADDRNOTAVAIL) since the agent began to
 * count, on the whole host.
 *
 * @param ipv4 those of AF_INET sockets, exact
 * @param ipv6 those of AF_INET6 sockets, exact
 * @param lost those whose culprit the kernel could not report, because the agent read too late
 * @param untracked those whose culprit was reported and has no row in the bounded table, or no more
 * @param culprits how often whose connect() failed
 */
public record ConnectFailures(
    long ipv4, long ipv6, long lost, long untracked, Map<Culprit, Long> culprits) {

  /**
   * Whose connect() failed.
   *
   * @param netns the inode number of the process's network namespace, or 0 when the process was
   *     gone before it could be looked at, or may not be looked at
   * @param process the name of the process as in /proc/PID/comm, 15 bytes at most, chosen by the
   *     process itself, control characters escaped; or empty when it was gone
   * @param controlGroup the id of its control group, or 0 when the kernel does not say
   * @param destination where it wanted to go, for example {@code 10.0.0.1:80}
   */
  public record Culprit(long netns, String process, long controlGroup, String destination) {}
}
