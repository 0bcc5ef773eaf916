package io.github.portpool.snapshot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The number of pool ports closed to every {@code connect()}, each port once.
 *
 * @param byReason the number of each reason
 */
public record BlockedPorts(Map<BlockReason, Integer> byReason) {
  /** Copies the map; a reason that it lacks blocks no port. */
  public BlockedPorts {
    Map<BlockReason, Integer> all = new EnumMap<>(BlockReason.class);
    for (BlockReason reason : BlockReason.values()) {
      all.put(reason, byReason.getOrDefault(reason, 0));
    }
    byReason = Collections.unmodifiableMap(all);
  }

  /** Those that are blocked for a reason. */
  public int of(BlockReason reason) {
    return byReason.getOrDefault(reason, 0);
  }

  /** All blocked ports. */
  public int total() {
    return byReason.values().stream().mapToInt(Integer::intValue).sum();
  }
}
