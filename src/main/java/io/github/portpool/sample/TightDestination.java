package io.github.portpool.sample;

import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.table.PortHolder;
import java.util.List;

/**
 * A destination and the network namespace that it is reached from.
 *
 * @param holders who holds its ports, the most first; empty where less than one half is used
 */
public record TightDestination(
    Snapshot snapshot, DestinationUsage usage, List<PortHolder> holders) {
  /** The share of the pool that it cannot use, 1 where that is empty. */
  public double share() {
    return usage.headroom().share();
  }
}
