package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.table.PortSet;
import java.util.List;

/** Reserved ports outside the ephemeral range, which change nothing. */
final class UselessReservations implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    PortSet outside =
        facts.reserved().minus(PortSet.range(facts.range().first(), facts.range().last()));
    if (outside.size() == 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            "reserved_outside",
            Severity.NOTE,
            Count.of(outside.size(), "reserved port") + " outside the ephemeral range",
            List.of("ip_local_reserved_ports has " + outside),
            "They change nothing now, and do no harm: they matter once the range includes them.",
            List.of()));
  }
}
