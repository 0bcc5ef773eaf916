package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.PoolUsage;
import java.util.ArrayList;
import java.util.List;

/**
 * Destinations past one half of the pool, where {@code connect()} becomes tens of times slower,
 * because it has tried all ports of the one parity that it prefers; or at the end of it.
 */
final class TightDestinations implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    PoolUsage tcp = facts.tcp();
    if (tcp.slowDestinations() == 0) {
      return List.of();
    }
    List<String> evidence = new ArrayList<>();
    for (DestinationUsage usage : tcp.top()) {
      if (usage.headroom().slow()) {
        evidence.add(
            "%s from %s: %d ports used, %d free"
                .formatted(
                    usage.destination(),
                    usage.source(),
                    usage.headroom().used(),
                    usage.headroom().free()));
      }
    }
    int more = tcp.slowDestinations() - evidence.size();
    if (more > 0) {
      evidence.add("and " + Count.of(more, "more destination"));
    }
    if (tcp.blocked().total() > 0) {
      evidence.add(
          ("every destination lacks %s: %d with a listener, %d with a bound socket, %d with a"
                  + " connection that named it")
              .formatted(
                  Count.of(tcp.blocked().total(), "port"),
                  tcp.blocked().of(BlockReason.LISTENING),
                  tcp.blocked().of(BlockReason.BOUND),
                  tcp.blocked().of(BlockReason.CONNECTED)));
    }
    boolean fails = tcp.exhaustedDestinations() > 0;
    return List.of(
        new Finding(
            "tight_destinations",
            fails ? Severity.CRITICAL : Severity.WARNING,
            fails
                ? "connect() fails toward %s: no port is left"
                    .formatted(Count.of(tcp.exhaustedDestinations(), "destination"))
                : "connect() is slow toward %s past one half of the pool"
                    .formatted(Count.of(tcp.slowDestinations(), "destination")),
            evidence,
            "Keep connections open and share them (keep-alive, pooling), spread them over more"
                + " addresses or ports of the destination, or give clients more source addresses.",
            List.of()));
  }
}
