package io.github.portpool.advice;

import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The ephemeral range and the reserved ports as they should be: one plan for all findings, so that
 * their commands agree, and that to obey them leads to where nothing is left to say.
 *
 * @param first the lowest port of the range
 * @param last the highest port of the range
 * @param reserved what is reserved now, and all that wants to be
 */
record PortPlan(int first, int last, PortSet reserved) {
  // The default of ip_local_port_range, inet_init_net() in net/ipv4/af_inet.c.
  static final int DEFAULT_FIRST = 32_768;
  private static final int DEFAULT_LAST = 60_999;

  /** The ports of the default range. */
  static final int DEFAULT_PORTS = DEFAULT_LAST - DEFAULT_FIRST + 1;

  /** To reserve the ports of services is good; a pool of less than this has lost too many. */
  private static final int FEWEST = DEFAULT_PORTS / 2;

  /** Wider ranges, the least change first. */
  private static final List<int[]> RANGES =
      List.of(
          new int[] {DEFAULT_FIRST, DEFAULT_LAST},
          new int[] {DEFAULT_FIRST, PortSet.LAST},
          new int[] {15_000, 64_999},
          new int[] {1024, PortSet.LAST});

  /** The plan for a host; to leave all as it is where no range has room for what it should be. */
  static PortPlan of(HostFacts facts) {
    PortPlan now = within(facts, facts.range().first(), facts.range().last());
    if (!now.isSmall(facts)) {
      return now;
    }
    return RANGES.stream()
        .map(range -> within(facts, lowest(facts, range[0]), range[1]))
        .filter(plan -> plan.first < plan.last && !plan.isSmall(facts))
        .findFirst()
        .orElseGet(
            () -> new PortPlan(facts.range().first(), facts.range().last(), facts.reserved()));
  }

  /** An even one: the kernel wants the first and the last port to differ in parity. */
  private static int lowest(HostFacts facts, int wanted) {
    int lowest = facts.limits().lowestPort();
    return Math.max(wanted, lowest + lowest % 2);
  }

  private static PortPlan within(HostFacts facts, int first, int last) {
    PortSet live = PortSet.range(facts.range().first(), facts.range().last());
    PortSet ranges = live.plus(PortSet.range(first, last));
    PortSet reserved = facts.reserved().plus(common(facts.namedPorts(), ranges));
    boolean nodePorts = !facts.kubernetes().isEmpty() && common(NodePorts.PORTS, ranges).size() > 0;
    return new PortPlan(first, last, nodePorts ? reserved.plus(NodePorts.PORTS) : reserved);
  }

  private static PortSet common(PortSet one, PortSet other) {
    return one.minus(one.minus(other));
  }

  /** The ports that clients may be given. */
  private int capacity() {
    return PortSet.range(first, last).minus(reserved).size();
  }

  /** Whether the range, or what is left of it, is small for a host that allows more. */
  private boolean isSmall(HostFacts facts) {
    return isSmall(facts, last - first + 1, capacity());
  }

  /**
   * Whether a range is small, or its pool.
   *
   * @param ports all ports of the range
   * @param capacity those of them that can be allocated
   */
  static boolean isSmall(HostFacts facts, int ports, int capacity) {
    int possible = PortSet.LAST - lowest(facts, DEFAULT_FIRST) + 1;
    return ports < Math.min(DEFAULT_PORTS, possible) || capacity < Math.min(FEWEST, possible / 2);
  }

  /** Whether it widens the range. */
  boolean widens(HostFacts facts) {
    return first != facts.range().first() || last != facts.range().last();
  }

  /** The commands that lead there, in their order; none where everything is so already. */
  List<Fix> fixes(HostFacts facts) {
    List<Fix> range =
        widens(facts)
            ? List.of(Fix.sysctl("ip_local_port_range", first + " " + last))
            : List.<Fix>of();
    List<Fix> reservation =
        reserved.equals(facts.reserved()) ? List.of() : ReservedPorts.fixes(reserved);
    List<Fix> fixes = new ArrayList<>();
    // Reserved first, no client gets a service's port; unless that takes what is left meanwhile.
    PortPlan between = new PortPlan(facts.range().first(), facts.range().last(), reserved);
    boolean reserveFirst = between.capacity() * 2 >= facts.range().capacity();
    fixes.addAll(reserveFirst ? reservation : range);
    fixes.addAll(reserveFirst ? range : reservation);
    return fixes;
  }
}
