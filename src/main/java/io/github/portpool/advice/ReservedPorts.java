package io.github.portpool.advice;

import io.github.portpool.table.PortSet;

/**
 * What {@code ip_local_reserved_ports} should be: one value for all findings, because each command
 * that sets it replaces what the one before has set.
 */
final class ReservedPorts {
  private ReservedPorts() {}

  /** What is reserved now, and all that wants to be. */
  static PortSet wanted(HostFacts facts) {
    PortSet wanted = facts.reserved().plus(toReserve(facts));
    return NodePorts.endanger(facts) ? wanted.plus(NodePorts.PORTS) : wanted;
  }

  /** The ports that listeners named, inside the range as it should be, and not reserved. */
  private static PortSet toReserve(HostFacts facts) {
    PortSet range = SmallRange.wanted(facts);
    PortSet outside = PortSet.range(0, PortSet.LAST).minus(range);
    return facts.namedPorts().minus(outside);
  }

  /** The command that reserves them. */
  static Fix fix(HostFacts facts) {
    return Fix.sysctl("ip_local_reserved_ports", wanted(facts).toString());
  }
}
