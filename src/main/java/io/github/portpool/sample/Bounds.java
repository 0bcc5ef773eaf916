package io.github.portpool.sample;

import io.github.portpool.table.ListenerTable;

/**
 * How many of something are named at most, so that no host makes too many series.
 *
 * @param destinations of each namespace and protocol, the worst
 * @param owners control groups of each namespace and protocol, those with the most ports
 * @param listeners inside the ephemeral range of each namespace
 * @param namespaces besides the agent's own, the worst
 */
public record Bounds(int destinations, int owners, int listeners, int namespaces) {
  /** The most of anything that may be asked for: as many listeners are remembered. */
  public static final int MOST = ListenerTable.MAX_ROWS;

  /** Whether anybody's name is wanted. */
  boolean names() {
    return listeners > 0;
  }
}
