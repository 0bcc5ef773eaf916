package io.github.portpool.advice;

import io.github.portpool.advice.SocketHolders.TimeWaitPorts;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Destination;
import io.github.portpool.table.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Connections toward one destination that are closed and made again, faster than TIME_WAIT lets
 * their ports come back.
 */
final class TimeWaitChurn implements Rule {
  /** A tenth of the pool: that many connections were closed within a minute. */
  private static final int PORTS_OF_POOL = 10;

  @Override
  public List<Finding> judge(HostFacts facts) {
    TimeWaitPorts most = facts.timeWait();
    int capacity = facts.range().capacity();
    if (most == null || most.ports() * PORTS_OF_POOL < capacity) {
      return List.of();
    }
    TcpSettings settings = facts.settings();
    List<Fix> fixes = new ArrayList<>();
    if (settings.timestamps() == 0) {
      fixes.add(Fix.sysctl("tcp_timestamps", "1"));
    }
    if (settings.twReuse() == 0 || (settings.twReuse() == 2 && !isLoopback(most.destination()))) {
      fixes.add(Fix.sysctl("tcp_tw_reuse", "1"));
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "%d of %d ports toward %s from %s are held by TIME_WAIT, %d sockets"
            .formatted(
                most.ports(),
                capacity,
                most.destination().destination(),
                most.destination().source(),
                most.sockets()));
    Flow flow = facts.flow();
    if (flow != null && flow.isKnown()) {
      evidence.add(rate(flow));
    }
    evidence.add(
        "%d TIME_WAIT sockets on pool ports in all"
            .formatted(facts.tcp().sockets().getOrDefault(SocketState.TIME_WAIT, 0)));
    evidence.add(
        "tcp_tw_reuse=%d, tcp_timestamps=%d".formatted(settings.twReuse(), settings.timestamps()));
    return List.of(
        new Finding(
            "time_wait_churn",
            Severity.WARNING,
            "Connections to %s leave more TIME_WAIT than a tenth of the pool"
                .formatted(most.destination().destination()),
            evidence,
            "Each closed connection keeps its port for a minute. Keep connections open (keep-alive,"
                + " pooling)."
                + (fixes.isEmpty()
                    ? " tcp_tw_reuse is on: what is left is younger than a second, or has no"
                        + " timestamps."
                    : " With tcp_tw_reuse=1 and timestamps connect() may have the port again after a"
                        + " second."),
            fixes));
  }

  private static String rate(Flow flow) {
    return String.format(
        Locale.ROOT,
        "%.1f of them are closed a second, and the pool can sustain %.1f%s",
        flow.closed(),
        flow.sustained(),
        flow.runsOut()
            ? String.format(Locale.ROOT, ": it runs out within %.0f s", flow.secondsLeft())
            : "");
  }

  private static boolean isLoopback(Destination destination) {
    return IpAddress.isLoopback(destination.localHigh(), destination.localLow())
        || IpAddress.isLoopback(destination.remoteHigh(), destination.remoteLow());
  }
}
