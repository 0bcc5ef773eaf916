package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.PoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Listeners inside the ephemeral range whose port a client may be given while they are away. One
 * that lets the kernel choose its port ({@code bind()} to port 0) is not harmed by that.
 */
final class UnreservedListeners implements Rule {
  private static final int MOST_LINES = 20;

  @Override
  public List<Finding> judge(HostFacts facts) {
    List<PoolListener> unreserved =
        facts.listeners().stream()
            .filter(listener -> !listener.reserved())
            .filter(listener -> facts.namedPorts().contains(listener.port()))
            .toList();
    int count = Math.max(unreserved.size(), facts.untrackedListeners() == 0 ? 0 : ports(facts));
    if (count == 0) {
      return List.of();
    }
    List<String> evidence = new ArrayList<>();
    for (PoolListener listener : unreserved.stream().limit(MOST_LINES).toList()) {
      evidence.add(
          "%s port %d: %s"
              .formatted(
                  listener.protocol(),
                  listener.port(),
                  facts
                      .owners()
                      .describe(
                          listener.controlGroup(), listener.uid(), List.of(listener.inode()))));
    }
    List<Fix> fixes = facts.plan().fixes(facts);
    int more = count - evidence.size();
    if (more > 0) {
      evidence.add("and %d more".formatted(more));
    }
    return List.of(
        new Finding(
            "unreserved_listeners",
            Severity.WARNING,
            "%s inside the ephemeral range %d-%d without a reservation"
                .formatted(
                    Count.of(count, "listener"), facts.range().first(), facts.range().last()),
            evidence,
            "While such a service restarts, a client may be given its port, and the service fails"
                + " with EADDRINUSE. Reserve the ports, or move the services out of the ephemeral range."
                + remark(facts, fixes),
            fixes));
  }

  /** The ports of the pool that listeners named. */
  private static int ports(HostFacts facts) {
    return (int)
        IntStream.rangeClosed(facts.range().first(), facts.range().last())
            .filter(port -> facts.range().allocates(port) && facts.namedPorts().contains(port))
            .count();
  }

  private static String remark(HostFacts facts, List<Fix> fixes) {
    if (fixes.isEmpty()) {
      return " They are too many to reserve: no range would have enough ports left.";
    }
    String text = "";
    if (facts.plan().widens(facts)) {
      text += " The wider range makes up for the reserved ports.";
    }
    if (fixes.stream().anyMatch(fix -> fix.command().contains("| dd "))) {
      text +=
          " The list is longer than the kernel takes at a write, so it is set in parts; at boot"
              + " systemd-sysctl sets it whole, which procps' sysctl --system cuts after 4 KiB.";
    }
    return text;
  }
}
