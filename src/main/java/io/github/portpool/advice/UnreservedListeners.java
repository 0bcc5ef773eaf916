package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.PoolListener;
import java.util.ArrayList;
import java.util.List;

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
    if (unreserved.isEmpty()) {
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
    int more = unreserved.size() - evidence.size() + facts.untrackedListeners();
    if (more > 0) {
      evidence.add("and %d more".formatted(more));
    }
    return List.of(
        new Finding(
            "unreserved_listeners",
            Severity.WARNING,
            "%s inside the ephemeral range %d-%d without a reservation"
                .formatted(
                    Count.of(unreserved.size() + facts.untrackedListeners(), "listener"),
                    facts.range().first(),
                    facts.range().last()),
            evidence,
            "While such a service restarts, a client may be given its port, and the service fails"
                + " with EADDRINUSE. Reserve the ports, or move the services out of the ephemeral range.",
            List.of(ReservedPorts.fix(facts))));
  }
}
