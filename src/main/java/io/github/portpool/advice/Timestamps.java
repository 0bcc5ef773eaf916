package io.github.portpool.advice;

import io.github.portpool.snapshot.SocketState;
import java.util.List;

/** TCP timestamps that are off, so that no port in TIME_WAIT can be used again. */
final class Timestamps implements Rule {
  @Override
  public List<Finding> judge(HostFacts facts) {
    if (facts.settings().timestamps() != 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            "timestamps",
            Severity.WARNING,
            "TCP timestamps are off: no port in TIME_WAIT is used again before its minute is over",
            List.of(
                "tcp_timestamps=0, tcp_tw_reuse=%d".formatted(facts.settings().twReuse()),
                "%d TIME_WAIT sockets on pool ports"
                    .formatted(facts.tcp().sockets().getOrDefault(SocketState.TIME_WAIT, 0))),
            "tcp_tw_reuse has no effect without them. Switch them on (RFC 7323).",
            List.of(Fix.sysctl("tcp_timestamps", "1"))));
  }
}
