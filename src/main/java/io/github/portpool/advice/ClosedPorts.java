package io.github.portpool.advice;

import io.github.portpool.host.Count;
import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Ports that bound sockets and listeners have closed to every {@code connect()}, so many that every
 * destination is short of them.
 */
final class ClosedPorts implements Rule {
  private static final Map<BlockReason, String> CURES =
      Map.of(
          BlockReason.LISTENING,
          "Most are listeners: move them out of the ephemeral range, or reserve their ports, so"
              + " that they are no part of the pool.",
          BlockReason.BOUND,
          "Most are bound and neither listen nor connect. A program that binds a port long before"
              + " it connects, or forgets it, is fixed or ended; one that wants to choose its"
              + " address alone sets IP_BIND_ADDRESS_NO_PORT (ip(7)).",
          BlockReason.OUTLIVED,
          "Most have connections that outlived their listener, and are free when these end: end the"
              + " connections before the listener, or listen outside the ephemeral range.",
          BlockReason.CONNECTED,
          "Most were bound before they connected: a program that wants to choose its source"
              + " address alone sets IP_BIND_ADDRESS_NO_PORT (ip(7)) before bind() to port 0.");

  /** Whether it is these, more than a destination's own, that the worst destination lacks. */
  static boolean prevail(PoolUsage tcp) {
    return tcp.blocked().total() * 2 >= tcp.worst().used();
  }

  @Override
  public List<Finding> judge(HostFacts facts) {
    PoolUsage tcp = facts.tcp();
    Headroom worst = tcp.worst();
    CheckState state = facts.judgement().state(facts.judgement().measure(Judgement.TCP));
    boolean tight = state != CheckState.OK || worst.slow();
    if (!tight || !prevail(tcp) || facts.range().capacity() == 0) {
      return List.of();
    }
    int closed = tcp.blocked().total();
    BlockReason reason = most(tcp);
    List<String> evidence = new ArrayList<>();
    evidence.add("%d ports used, %d free".formatted(worst.used(), worst.free()));
    evidence.add(line(tcp));
    evidence.addAll(facts.holderLines(Protocol.TCP, holder -> closing(reason, holder)));
    return List.of(
        new Finding(
            "closed_ports",
            Severity.of(state),
            "%s of %d closed to every connect(), whatever its destination"
                .formatted(Count.of(closed, "port"), facts.range().capacity()),
            evidence,
            CURES.get(reason) + " A wider range (ip_local_port_range) helps for the moment.",
            List.of()));
  }

  /** The reason that most are closed for. */
  static BlockReason most(PoolUsage tcp) {
    BlockReason most = BlockReason.LISTENING;
    for (BlockReason reason : BlockReason.values()) {
      most = tcp.blocked().of(reason) > tcp.blocked().of(most) ? reason : most;
    }
    return most;
  }

  /** The sockets of a holder that close a port for the reason that most are closed for. */
  static int closing(BlockReason reason, PortHolder holder) {
    return switch (reason) {
      case LISTENING -> holder.sockets().getOrDefault(SocketState.LISTEN, 0);
      case BOUND -> holder.sockets().getOrDefault(SocketState.BOUND, 0);
      case OUTLIVED, CONNECTED ->
          holder.sockets().entrySet().stream()
              .filter(each -> each.getKey().hasDestination())
              .mapToInt(Map.Entry::getValue)
              .sum();
    };
  }

  /** How many ports every destination lacks, by the reason. */
  static String line(PoolUsage tcp) {
    int outlived = tcp.blocked().of(BlockReason.OUTLIVED);
    return ("every destination lacks %s: %d with a listener, %d with a bound socket, %d with a"
            + " connection that was bound before%s")
        .formatted(
            Count.of(tcp.blocked().total(), "port"),
            tcp.blocked().of(BlockReason.LISTENING),
            tcp.blocked().of(BlockReason.BOUND),
            tcp.blocked().of(BlockReason.CONNECTED),
            outlived == 0 ? "" : ", %d whose listener has gone".formatted(outlived));
  }
}
