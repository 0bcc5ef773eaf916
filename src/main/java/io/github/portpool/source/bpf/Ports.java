package io.github.portpool.source.bpf;

import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;

/** The ports from a lowest to a highest. */
public record Ports(int lowest, int highest) {
  /** None. */
  public static final Ports NONE = new Ports(1, 0);

  /** All. */
  public static final Ports ALL = new Ports(1, PortSet.LAST);

  /** Those of a range, the reserved ones too. */
  static Ports of(EphemeralPorts range) {
    return new Ports(range.first(), range.last());
  }

  boolean isEmpty() {
    return lowest > highest;
  }

  boolean contain(Ports others) {
    return others.isEmpty() || (lowest <= others.lowest && highest >= others.highest);
  }

  /** These, others, and what is between. */
  Ports and(Ports others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    return new Ports(Math.min(lowest, others.lowest), Math.max(highest, others.highest));
  }
}
