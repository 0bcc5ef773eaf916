package io.github.portpool.pool;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.DestinationTable;

/**
 * How full the ports of a NAT are: a port of its address serves one connection toward a server and
 * port at a time, so the fullest (NAT address, server, port) group is the first to fail.
 */
public final class NatUsage {
  private NatUsage() {}

  /** The ports of the fullest group of a protocol, or 0 where nothing is translated. */
  public static int fullest(DestinationTable groups, Protocol protocol) {
    int fullest = 0;
    for (int row = 0; row < groups.rows(); row++) {
      if (groups.isUsed(row, protocol)) {
        fullest = Math.max(fullest, groups.mostPorts(row));
      }
    }
    return fullest;
  }
}
