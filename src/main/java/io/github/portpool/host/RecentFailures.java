package io.github.portpool.host;

import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.HashMap;
import java.util.Map;

/**
 * The connect() calls that failed for lack of a port (EADDRNOTAVAIL) lately. They may fail while
 * the pool has ports: a program with a range of its own (IP_LOCAL_PORT_RANGE) runs out in that.
 *
 * @param count how many
 * @param seconds in how many seconds, 0 where they are not counted
 * @param culprit whose failed most often and where to, or empty where that is not known
 * @param uncounted why they are not counted, or empty where they are
 */
public record RecentFailures(long count, double seconds, String culprit, String uncounted) {
  /** As in the alert PortpoolConnectFailures: so many within {@link #WINDOW_SECONDS} may be. */
  private static final int HARMLESS = 10;

  /** The time that an agent looks back. */
  public static final int WINDOW_SECONDS = 300;

  /** Those of nobody knows whom. */
  public static RecentFailures of(long count, double seconds) {
    return new RecentFailures(count, seconds, "", "");
  }

  /** Not counted, for a reason. */
  public static RecentFailures uncounted(String reason) {
    return new RecentFailures(0, 0, "", reason);
  }

  /**
   * Those of one network namespace.
   *
   * @param all those of the host, counted for some seconds
   * @param netns the inode number of the namespace
   * @param strangers whether those of processes that were gone too soon are counted too
   */
  public static RecentFailures within(
      ConnectFailures all, long netns, boolean strangers, double seconds) {
    Map<Culprit, Long> here = new HashMap<>(all.culprits());
    here.keySet().removeIf(each -> each.netns() != netns && !(strangers && each.netns() == 0));
    return new RecentFailures(
        here.values().stream().mapToLong(Long::longValue).sum(),
        seconds,
        here.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .map(most ->
                (most.process().isEmpty() ? "a process that is gone" : most.process())
                    + " toward "
                    + most.destination())
            .orElse(""),
        "");
  }

  /** Whether they come faster than may be: one long ago alarms nobody. */
  public boolean alarming() {
    return count * WINDOW_SECONDS > HARMLESS * seconds;
  }
}
