package io.github.portpool.advice;

import io.github.portpool.snapshot.Headroom;
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
    Headroom udp = facts.udp().worst();
    if (udp.slow() || udp.exhausted()) {
      findings.add(
          new Finding(
              "udp_pool",
              udp.exhausted() ? Severity.CRITICAL : Severity.WARNING,
              udp.exhausted()
                  ? "No UDP socket%s gets a port any more"
                      .formatted(
                          facts.udp().blocked().total() < facts.range().capacity()
                              ? " of IPv6"
                              : "")
                  : "The UDP pool is past one half",
              List.of("%d ports used, %d free".formatted(udp.used(), udp.free())),
              "Each UDP socket takes a port from all others, name resolution among them. Find who"
                  + " holds them (ss -uanp) and let it share sockets.",
              List.of()));
    }
    if (facts.tcp().bindFree() == 0) {
      findings.add(
          new Finding(
              "bind_pool",
              Severity.CRITICAL,
              "bind() to port 0 fails for TCP: no port is left",
              List.of(
                  "%d of %d ports have a socket"
                      .formatted(facts.tcp().used(), facts.range().capacity())),
              "connect() may still have ports, for it shares them between destinations. Programs"
                  + " that bind() first should set IP_BIND_ADDRESS_NO_PORT (ip(7)).",
              List.of()));
    }
    return findings;
  }
}
