package io.github.portpool.advice;

import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.PortHolder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What to do about connections that fill a pool: it depends on the state that most are in. */
final class StateCure {
  private StateCure() {}

  /** The states of the sockets of some holders. */
  static Map<SocketState, Integer> states(List<PortHolder> holders) {
    Map<SocketState, Integer> states = new EnumMap<>(SocketState.class);
    holders.forEach(holder ->
        holder.sockets().forEach((state, count) -> states.merge(state, count, Integer::sum)));
    return states;
  }

  /** The advice for connections in some states. */
  static String of(Map<SocketState, Integer> states, TcpSettings settings) {
    return states.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(most -> of(most.getKey(), settings))
        .orElseGet(() -> of(SocketState.ESTABLISHED, settings));
  }

  private static String of(SocketState state, TcpSettings settings) {
    return switch (state) {
      case SYN_SENT ->
          "Most wait for an answer (SYN_SENT): the destination is down, or a firewall drops what is"
              + " sent. See to the destination. Give the program a connect timeout of a few"
              + " seconds and let it wait longer after each failure; without one the kernel tries for"
              + " two minutes (tcp_syn_retries).";
      case FIN_WAIT1, CLOSING, LAST_ACK ->
          "Most are closed here, and the peer does not answer (%s): it is gone without a word, or a"
                  .formatted(state.name())
              + " firewall forgot the connection. See to the destination and to what is between. No"
              + " process holds them any more, so nothing is left to restart; the kernel gives up"
              + " after tcp_orphan_retries (0 stands for 8, a minute and a half or more).";
      case FIN_WAIT2 ->
          "Most are closed here and not by the peer (FIN_WAIT2): the program there does not close"
              + " its end. Those that no process holds end after tcp_fin_timeout, %d s."
                  .formatted(settings.finTimeoutSeconds());
      case CLOSE_WAIT ->
          "Most were closed by the peer, and their program does not close them (CLOSE_WAIT): that is"
              + " a leak. Fix the program; a restart gives the ports back for the moment.";
      case TIME_WAIT ->
          "Most are closed already (TIME_WAIT, for a minute each). Keep connections open and use them"
              + " again (keep-alive, pooling), or let the peer close first; tcp_tw_reuse=1 with"
              + " timestamps lets connect() have such a port again after a second.";
      default ->
          "Keep connections open and share them (keep-alive, pooling), spread them over more"
              + " addresses or ports of the destination, or give clients more source addresses.";
    };
  }
}
