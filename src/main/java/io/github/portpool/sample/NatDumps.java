package io.github.portpool.sample;

import io.github.portpool.source.WalkBudget;
import io.github.portpool.table.DestinationTable;
import java.util.Comparator;
import java.util.List;

/** The dumps of connection tracking tables, which take turns under one budget. For one thread. */
final class NatDumps {
  /** The number of NAT groups that are counted exactly; 1 MB at most. */
  private static final int MAX_GROUPS = 16_384;

  private final WalkBudget budget = WalkBudget.of(WalkBudget.DEFAULT_CORES);
  private final DestinationTable groups = new DestinationTable(MAX_GROUPS);

  /** Dumps the table that waited longest, if any may be dumped now. */
  void next(List<ConntrackWatch> watches) {
    watches.stream().filter(ConntrackWatch::isEmpty).forEach(ConntrackWatch::skipDump);
    budget.run(() ->
        watches.stream()
            .filter(watch -> !watch.isEmpty())
            .max(Comparator.comparingLong(ConntrackWatch::nanosSinceDump))
            .ifPresent(watch -> watch.dump(groups)));
  }
}
