package io.github.portpool.pool;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.DestinationTable;

/**
 * How full the ports of a NAT are: a port of its address serves one connection toward a server and
 * port at a time, so the worst (NAT address, server, port) group is the first to fail.
 */
public final class NatUsage {
  private NatUsage() {}

  /** The ports of the worst group of a protocol, or 0 where nothing is translated. */
  public static int worst(DestinationTable groups, Protocol protocol) {
    int worst = 0;
    for (int row = 0; row < groups.rows(); row++) {
      if (groups.isUsed(row, protocol)) {
        worst = Math.max(worst, groups.mostPorts(row));
      }
    }
    return worst;
  }
}
