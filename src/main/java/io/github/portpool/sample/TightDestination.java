package io.github.portpool.sample;

import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Snapshot;

/** A destination and the network namespace that it is reached from. */
public record TightDestination(Snapshot snapshot, DestinationUsage usage) {
  /** The share of the pool that it cannot use, 1 where that is empty. */
  public double share() {
    int capacity = usage.headroom().used() + usage.headroom().free();
    return capacity == 0 ? 1 : (double) usage.headroom().used() / capacity;
  }
}
