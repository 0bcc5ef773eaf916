package io.github.portpool.advice;

import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.PortHolder;
import java.util.Map;

/** The first thing to do about a verdict, in a few words; the doctor says more. */
final class NextStep {
  private static final String RANGE = "; a wider range (net.ipv4.ip_local_port_range) gains time";

  private NextStep() {}

  static String of(Verdict verdict) {
    Judgement judgement = verdict.judgement();
    Place place = verdict.place();
    String step = step(verdict, judgement, place);
    return place.elsewhere() ? "in network namespace " + place.netns() + ": " + step : step;
  }

  private static String step(Verdict verdict, Judgement judgement, Place place) {
    if (judgement.failing()) {
      return "run portpool doctor there: the pool has ports, so look at the program's own range"
          + " (IP_LOCAL_PORT_RANGE) or device";
    }
    return switch (judgement.worst().name()) {
      case Judgement.UDP ->
          "let "
              + name(verdict)
              + " close or share its UDP sockets: each takes a port from all"
              + RANGE;
      case Judgement.TCP ->
          ClosedPorts.prevail(place.tcp()) ? closed(verdict, place) : toward(verdict, place);
      default ->
          "let "
              + name(verdict)
              + " set IP_BIND_ADDRESS_NO_PORT before bind() to port 0, or close connections"
              + RANGE;
    };
  }

  private static String closed(Verdict verdict, Place place) {
    return switch (ClosedPorts.most(place.tcp())) {
      case LISTENING ->
          "move the listeners of "
              + name(verdict)
              + " out of the ephemeral range, or reserve their ports";
      case BOUND ->
          "end or fix " + name(verdict) + ", which binds ports and does not use them" + RANGE;
      case OUTLIVED ->
          "end the connections of " + name(verdict) + ", which outlived their listener" + RANGE;
      case CONNECTED ->
          "let " + name(verdict) + " set IP_BIND_ADDRESS_NO_PORT before bind() to port 0" + RANGE;
    };
  }

  private static String toward(Verdict verdict, Place place) {
    String destination = verdict.judgement().worst().where();
    TcpSettings settings = place.settings();
    SocketState most =
        verdict.states().entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(SocketState.ESTABLISHED);
    return switch (most) {
      case TIME_WAIT ->
          settings.twReuse() == 0 && settings.timestamps() != 0
              ? "sysctl -w net.ipv4.tcp_tw_reuse=1, then let "
                  + name(verdict)
                  + " keep its connections open (keep-alive, pooling)"
              : "let " + name(verdict) + " keep its connections open (keep-alive, pooling)" + RANGE;
      case CLOSE_WAIT ->
          verdict.culprits().stream()
              .findFirst()
              .flatMap(holder -> verdict.owners().restart(holder.controlGroup()))
              .map(fix -> fix.command() + ": it leaks connections that the peer has closed")
              .orElseGet(() ->
                  "restart " + name(verdict) + ": it leaks connections that the peer has closed");
      case SYN_SENT, FIN_WAIT1, CLOSING, LAST_ACK ->
          "see to " + destination + " and what is between: it does not answer" + RANGE;
      case FIN_WAIT2 -> "see to " + destination + ": it does not close its end" + RANGE;
      default ->
          "let "
              + name(verdict)
              + " share or close its connections to "
              + destination
              + " (pooling), or restart it"
              + RANGE;
    };
  }

  /** The first culprit that has a name. */
  private static String name(Verdict verdict) {
    for (PortHolder holder : verdict.culprits()) {
      String name = holder.ownerless() ? "" : verdict.owners().name(holder);
      if (!name.isEmpty()) {
        return name;
      }
    }
    String caller =
        verdict.judgement().failures().most() == null
            ? ""
            : verdict.judgement().failures().most().process();
    return caller.isEmpty() ? "the program" : caller;
  }
}
