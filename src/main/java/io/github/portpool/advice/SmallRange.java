package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool with few ports or none: a range smaller than that of Linux, or one with many reservations.
 */
final class SmallRange implements Rule {
  private static final String CURE =
      "Widen the range, and free reservations that no service needs, unless they are so for a"
          + " reason.";

  // The default of ip_local_port_range, inet_init_net() in net/ipv4/af_inet.c.
  private static final int DEFAULT_FIRST = 32_768;
  private static final int DEFAULT_LAST = 60_999;

  private static final int DEFAULT_PORTS = DEFAULT_LAST - DEFAULT_FIRST + 1;

  /** To reserve the ports of services is good; a pool of less than this has lost too many. */
  private static final int FEWEST = DEFAULT_PORTS / 2;

  private static boolean isNarrow(EphemeralPorts range) {
    return range.last() - range.first() + 1 < DEFAULT_PORTS;
  }

  /** The ports of the range as it should be: as it is where that is enough. */
  static PortSet wanted(HostFacts facts) {
    EphemeralPorts range = facts.range();
    return isNarrow(range)
        ? PortSet.range(DEFAULT_FIRST, DEFAULT_LAST)
        : PortSet.range(range.first(), range.last());
  }

  @Override
  public List<Finding> judge(HostFacts facts) {
    EphemeralPorts range = facts.range();
    int capacity = range.capacity();
    if (!isNarrow(range) && capacity >= FEWEST) {
      return List.of();
    }
    boolean empty = capacity == 0;
    return List.of(
        new Finding(
            empty ? "empty_pool" : "small_range",
            empty ? Severity.CRITICAL : Severity.WARNING,
            empty
                ? "The pool is empty: every port of the ephemeral range is reserved"
                : "The pool has %s; the default of Linux has %,d"
                    .formatted(Count.of(capacity, "port"), DEFAULT_PORTS),
            List.of(
                "%d-%d, %d reserved: a pool of %d"
                    .formatted(range.first(), range.last(), range.reserved(), capacity)),
            (empty
                    ? "Each connect(), and each bind() to port 0, fails unless the program names a"
                        + " port, for TCP and UDP, name resolution among them. "
                    : "Each destination can be given as many connections at a time as the pool has"
                        + " ports. ")
                + CURE,
            fixes(facts)));
  }

  /** The commands that widen a narrow range; which reservations to free, nobody else can know. */
  private static List<Fix> fixes(HostFacts facts) {
    List<Fix> fixes = new ArrayList<>();
    if (isNarrow(facts.range())) {
      if (!ReservedPorts.wanted(facts).equals(facts.reserved())) {
        fixes.add(ReservedPorts.fix(facts)); // first, so that no client gets a service's port
      }
      fixes.add(Fix.sysctl("ip_local_port_range", DEFAULT_FIRST + " " + DEFAULT_LAST));
    }
    return fixes;
  }
}
