package io.github.portpool.sample;

import io.github.portpool.source.WalkBudget;
import io.github.portpool.table.DestinationTable;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dumps of connection tracking tables, where they are asked for, which take turns under one
 * budget. For one thread.
 */
final class NatDumps {
  /** The number of NAT groups that are counted exactly; 1 MB at most. */
  private static final int MAX_GROUPS = 16_384;

  private final WalkBudget budget = WalkBudget.of(WalkBudget.DEFAULT_CORES);
  private @Nullable DestinationTable groups; // from the first dump on

  /** Dumps the table that waited longest, if any may be dumped now. */
  void next(List<ConntrackWatch> watches) {
    List<ConntrackWatch> wanted = watches.stream().filter(ConntrackWatch::dumps).toList();
    wanted.stream().filter(ConntrackWatch::isEmpty).forEach(ConntrackWatch::skipDump);
    wanted.stream()
        .filter(watch -> !watch.isEmpty())
        .max(Comparator.comparingLong(ConntrackWatch::nanosSinceDump))
        .ifPresent(watch -> budget.run(() -> watch.dump(groups())));
  }

  private DestinationTable groups() {
    DestinationTable table = groups;
    if (table == null) {
      table = new DestinationTable(MAX_GROUPS);
      groups = table;
    }
    return table;
  }
}
