package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.table.EphemeralPorts;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool with few ports or none: a range smaller than that of Linux, or one with many reservations.
 */
final class SmallRange implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    EphemeralPorts range = facts.range();
    int capacity = range.capacity();
    if (!PortPlan.isSmall(facts, range.last() - range.first() + 1, capacity)) {
      return List.of();
    }
    boolean empty = capacity == 0;
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "%d-%d, %d reserved: a pool of %d"
            .formatted(range.first(), range.last(), range.reserved(), capacity));
    if (facts.limits().lowestPort() > PortPlan.DEFAULT_FIRST) {
      evidence.add(
          "ip_unprivileged_port_start=%d: the range cannot begin lower"
              .formatted(facts.limits().lowestPort()));
    }
    PortPlan plan = facts.plan();
    return List.of(
        new Finding(
            empty ? "empty_pool" : "small_range",
            empty ? Severity.CRITICAL : Severity.WARNING,
            empty
                ? "The pool is empty: every port of the ephemeral range is reserved"
                : "The pool has %s; the default of Linux has %,d"
                    .formatted(Count.of(capacity, "port"), PortPlan.DEFAULT_PORTS),
            evidence,
            (empty
                    ? "Each connect(), and each bind() to port 0, fails unless the program names a"
                        + " port, for TCP and UDP, name resolution among them. "
                    : "Each destination can be given as many connections at a time as the pool has"
                        + " ports. ")
                + (plan.widens(facts)
                    ? "Widen the range, unless it is so for a reason."
                    : "No wider range has enough: free reservations, or let services move."),
            plan.widens(facts) ? plan.fixes(facts) : List.of()));
  }
}
