package io.github.portpool.sample;

import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.table.PortHolder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sampling one network namespace goes.
 *
 * @param netns its name
 * @param lastGood the last good snapshot, null before the first and where the namespace is not
 *     among the worst
 * @param attempted whether there was an attempt to sample it
 * @param success whether the last attempt was good
 * @param message what the last attempt failed with, empty when it was good
 * @param durationSeconds the wall time of the last attempt
 * @param conntrack its connection tracking table, null where it is not read
 * @param holders who holds its pool's ports, the most first, where one is past one half; else empty
 * @param sockets its sockets of every kind by /proc/net/sockstat, or {@link #UNKNOWN}
 */
public record NamespaceReport(
    String netns,
    @Nullable Snapshot lastGood,
    boolean attempted,
    boolean success,
    String message,
    double durationSeconds,
    @Nullable ConntrackUsage conntrack,
    List<PortHolder> holders,
    long sockets) {
  /** Where sockstat is not read. */
  public static final long UNKNOWN = -1;
}
