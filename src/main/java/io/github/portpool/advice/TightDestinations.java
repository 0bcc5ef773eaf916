package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.List;

/**
 * Destinations past one half of the pool, where {@code connect()} becomes tens of times slower,
 * because it has tried all ports of the one parity that it prefers; or at the end of it.
 */
final class TightDestinations implements Rule {
  private static final int MOST_HOLDERS = 3;

  @Override
  public List<Finding> judge(HostFacts facts) {
    PoolUsage tcp = facts.tcp();
    CheckState state = facts.judgement().state(facts.judgement().measure(Judgement.TCP));
    if ((state == CheckState.OK && tcp.slowDestinations() == 0)
        || tcp.destinations() == 0
        || ClosedPorts.prevail(tcp)) {
      return List.of();
    }
    List<String> evidence = new ArrayList<>();
    List<PortHolder> worst = List.of();
    for (DestinationUsage usage : tcp.top()) {
      if (usage.headroom().slow()) {
        List<PortHolder> holders = holders(facts, usage);
        worst = worst.isEmpty() ? holders : worst;
        evidence.add(
            "%s from %s: %d ports used, %d free"
                .formatted(
                    usage.destination(),
                    usage.source(),
                    usage.headroom().used(),
                    usage.headroom().free()));
        holders.stream()
            .limit(MOST_HOLDERS)
            .forEach(holder -> evidence.add("of these " + facts.owners().line(holder)));
      }
    }
    int more =
        tcp.slowDestinations()
            - (int) tcp.top().stream().filter(it -> it.headroom().slow()).count();
    if (more > 0) {
      evidence.add("and " + Count.of(more, "more destination"));
    }
    if (tcp.blocked().total() > 0) {
      evidence.add(ClosedPorts.line(tcp));
    }
    return List.of(
        new Finding(
            "tight_destinations",
            Severity.of(state),
            title(tcp, state, facts.judgement().measure(Judgement.TCP).left()),
            evidence,
            StateCure.of(StateCure.states(worst), facts.settings()),
            List.of()));
  }

  private static List<PortHolder> holders(HostFacts facts, DestinationUsage usage) {
    return facts.portHolders().stream().filter(it -> it.isToward(usage)).toList();
  }

  private static String title(PoolUsage tcp, CheckState state, String left) {
    if (tcp.exhaustedDestinations() > 0) {
      return "connect() fails toward %s: no port is left"
          .formatted(Count.of(tcp.exhaustedDestinations(), "destination"));
    }
    return state == CheckState.OK
        ? "connect() is expensive toward %s past one half of the pool"
            .formatted(Count.of(tcp.slowDestinations(), "destination"))
        : "connect() will fail soon: %s are left toward the worst destination".formatted(left);
  }
}
