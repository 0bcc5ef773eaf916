package io.github.portpool.host;

import io.github.portpool.host.ConnectFailures.Culprit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connect() calls that failed for lack of a port (EADDRNOTAVAIL) lately. They may fail while
 * the pool has ports: a program with a range of its own (IP_LOCAL_PORT_RANGE) runs out in that.
 *
 * @param count how many
 * @param seconds in how many seconds, 0 where they are not counted
 * @param most whose failed most often and where to, or null where that is not known
 * @param uncounted why they are not counted, or empty where they are
 */
public record RecentFailures(long count, double seconds, @Nullable Culprit most, String uncounted) {
  /** As in the alert PortpoolConnectFailures: so many within {@link #WINDOW_SECONDS} may be. */
  private static final int HARMLESS = 10;

  /** The time that an agent looks back. */
  public static final int WINDOW_SECONDS = 300;

  /** Those of nobody knows whom. */
  public static RecentFailures of(long count, double seconds) {
    return new RecentFailures(count, seconds, null, "");
  }

  /** Not counted, for a reason. */
  public static RecentFailures uncounted(String reason) {
    return new RecentFailures(0, 0, null, reason);
  }

  /**
   * Those of one network namespace.
   *
   * @param all those of the host, counted for some seconds
   * @param netns the namespace by its inode number; 0 is of processes that were gone too soon
   */
  public static RecentFailures within(ConnectFailures all, LongPredicate netns, double seconds) {
    Predicate<Culprit> here = each -> netns.test(each.netns());
    long count =
        all.culprits().entrySet().stream()
            .filter(each -> here.test(each.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return new RecentFailures(count, seconds, most(all.culprits(), Map.of(), here), "");
  }

  /** Those of the whole host between two readings of its counters. */
  public static RecentFailures between(
      ConnectFailures before, ConnectFailures after, double seconds) {
    return new RecentFailures(
        after.ipv4() + after.ipv6() - before.ipv4() - before.ipv6(),
        seconds,
        most(after.culprits(), before.culprits(), _ -> true),
        "");
  }

  private static @Nullable Culprit most(
      Map<Culprit, Long> after, Map<Culprit, Long> before, Predicate<Culprit> wanted) {
    Map<Culprit, Long> more = new HashMap<>(after);
    before.forEach((culprit, count) -> more.computeIfPresent(culprit, (_, now) -> now - count));
    more.entrySet().removeIf(each -> each.getValue() <= 0 || !wanted.test(each.getKey()));
    return more.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Whose failed most often and where to, or empty where that is not known. */
  public String culprit() {
    return most == null
        ? ""
        : (most.process().isEmpty() ? "a process that is gone" : most.process())
            + " toward "
            + most.destination();
  }

  /** Whether they come faster than may be: one long ago alarms nobody. */
  public boolean alarming() {
    return count * WINDOW_SECONDS > HARMLESS * seconds;
  }
}
