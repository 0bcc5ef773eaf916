package io.github.portpool.advice;

import io.github.portpool.host.RecentFailures;
import java.util.ArrayList;
import java.util.List;

/** Calls of connect() that fail for lack of a port now, whatever the pool looks like. */
final class FailedConnects implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    RecentFailures failures = facts.failures();
    if (!failures.alarming()) {
      return List.of();
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "%d within %.1f s".formatted(failures.count(), failures.seconds())
            + (failures.culprit().isEmpty() ? "" : ", most often of " + failures.culprit()));
    evidence.add(
        facts.judgement().measure(Judgement.TCP).left()
            + " of the pool are free toward the worst destination");
    return List.of(
        new Finding(
            "failed_connects",
            Severity.CRITICAL,
            "connect() calls fail for lack of a port (EADDRNOTAVAIL)",
            evidence,
            "Where the pool has ports, the program has a range of its own that is full"
                + " (IP_LOCAL_PORT_RANGE), is bound to a device (SO_BINDTODEVICE), or meets ports that"
                + " bind() closed unseen. Look at its settings for a source port range, and widen"
                + " that; and see who holds ports with portpool status and ss -tan.",
            List.of()));
  }
}
