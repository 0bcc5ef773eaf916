package io.github.portpool.advice;

import io.github.portpool.table.EphemeralRange;
import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.List;

/** A pool with fewer ports than Linux has by default: somebody took some away. */
final class SmallRange implements Rule {
  // The default of ip_local_port_range, inet_init_net() in net/ipv4/af_inet.c.
  private static final int DEFAULT_FIRST = 32_768;
  private static final int DEFAULT_LAST = 60_999;

  private static final int DEFAULT_PORTS = DEFAULT_LAST - DEFAULT_FIRST + 1;

  private static boolean isSmall(EphemeralRange range) {
    return range.last() - range.first() + 1 < DEFAULT_PORTS;
  }

  /** The ports of the range as it should be: as it is where that is enough. */
  static PortSet wanted(HostFacts facts) {
    EphemeralRange range = facts.range();
    return isSmall(range)
        ? PortSet.range(DEFAULT_FIRST, DEFAULT_LAST)
        : PortSet.range(range.first(), range.last());
  }

  @Override
  public List<Finding> judge(HostFacts facts) {
    EphemeralRange range = facts.range();
    if (!isSmall(range)) {
      return List.of();
    }
    List<Mend> mends = new ArrayList<>();
    if (!ReservedPorts.wanted(facts).equals(facts.reserved())) {
      mends.add(ReservedPorts.mend(facts)); // first, so that no client gets a service's port
    }
    mends.add(Mend.sysctl("ip_local_port_range", DEFAULT_FIRST + " " + DEFAULT_LAST));
    return List.of(
        new Finding(
            "small_range",
            Severity.WARNING,
            "The live range has %d ports; the default of Linux has %d"
                .formatted(range.last() - range.first() + 1, DEFAULT_PORTS),
            List.of(
                "%d-%d, %d reserved: a pool of %d"
                    .formatted(range.first(), range.last(), range.reserved(), range.capacity())),
            "Each destination can be given as many connections at a time as the pool has ports."
                + " Widen the range, unless it is small for a reason.",
            mends));
  }
}
