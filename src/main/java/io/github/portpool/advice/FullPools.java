package io.github.portpool.advice;

import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool that runs out for all destinations at once: that of UDP, where each socket has a port of
 * its own, and that of TCP's {@code bind()} to port 0.
 */
final class FullPools implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    List<Finding> findings = new ArrayList<>();
    Judgement judgement = facts.judgement();
    Headroom udp = facts.udp().worst();
    CheckState state = judgement.state(judgement.measure(Judgement.UDP));
    if (udp.slow() || state != CheckState.OK) {
      List<String> evidence = new ArrayList<>();
      evidence.add("%d ports used, %d free".formatted(udp.used(), udp.free()));
      evidence.addAll(facts.holderLines(Protocol.UDP, PortHolder::count));
      findings.add(
          new Finding(
              "udp_pool",
              Severity.of(state),
              udp.exhausted()
                  ? "No UDP socket%s gets a port any more"
                      .formatted(
                          facts.udp().blocked().total() < facts.range().capacity()
                              ? " of IPv6"
                              : "")
                  : state == CheckState.OK
                      ? "The UDP pool is past one half"
                      : "The UDP pool is nearly full",
              evidence,
              "Each UDP socket takes a port from all others, name resolution among them. Let the"
                  + " program that holds them share sockets, or close those it forgot.",
              List.of()));
    }
    Measure bind = judgement.measure(Judgement.BIND);
    state = judgement.state(bind);
    if (state != CheckState.OK) {
      List<String> evidence = new ArrayList<>();
      evidence.add(
          "%d of %d ports have a socket".formatted(facts.tcp().used(), facts.range().capacity()));
      evidence.addAll(facts.holderLines(Protocol.TCP, PortHolder::count));
      findings.add(
          new Finding(
              "bind_pool",
              Severity.of(state),
              bind.headroom().exhausted()
                  ? "bind() to port 0 fails for TCP: no port is left"
                  : "bind() to port 0 will fail soon for TCP: " + bind.left() + " are left",
              evidence,
              "connect() may still have ports, for it shares them between destinations. Programs"
                  + " that bind() first should set IP_BIND_ADDRESS_NO_PORT (ip(7)).",
              List.of()));
    }
    return findings;
  }
}
