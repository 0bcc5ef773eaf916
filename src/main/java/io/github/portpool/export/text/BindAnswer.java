package io.github.portpool.export.text;

import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.snapshot.Protocol;
import java.time.Instant;
import java.util.List;

/**
 * The answer to "Address already in use": whether {@code bind()} to a port works, who is in its way
 * and since when, and whether the port will come back.
 */
final class BindAnswer {
  private BindAnswer() {}

  /** One sentence about the network namespace that asks. */
  static String of(PortReport report, Protocol protocol) {
    List<FoundSocket> here =
        report.sockets().stream()
            .filter(socket -> !socket.elsewhere() && socket.protocol() == protocol)
            .toList();
    if (here.isEmpty()) {
      return report.untracked() == 0 ? "works: nothing is in its way" : "not all sockets were seen";
    }
    FoundSocket first =
        here.stream().filter(BindAnswer::waits).findFirst().orElseGet(here::getFirst);
    if (waits(first)) {
      return "fails (EADDRINUSE) where the addresses overlap: "
          + owner(first)
          + " has it"
          + since(report, first)
          + ", until it closes it or ends";
    }
    List<FoundSocket> held = here.stream().filter(socket -> !socket.ownerless()).toList();
    if (held.isEmpty()) {
      return "fails (EADDRINUSE) for %d s more, until the last TIME_WAIT is over; at once where both the socket that was closed and the new one have SO_REUSEADDR"
          .formatted(longest(here));
    }
    return "may fail (EADDRINUSE): "
        + owner(held.getFirst())
        + " has a connection on it"
        + since(report, held.getFirst())
        + ", which gives it back up to a minute after it is closed; SO_REUSEADDR helps if that"
        + " connection's socket has it too, and ip_local_reserved_ports keeps clients away"
        + " from the port";
  }

  private static boolean waits(FoundSocket socket) {
    return !socket.state().hasDestination();
  }

  private static int longest(List<FoundSocket> waiting) {
    return waiting.stream().mapToInt(SocketRows::remainingSeconds).max().orElse(0);
  }

  private static String owner(FoundSocket socket) {
    return socket.holder() == Holder.PROCESS
        ? socket.processes().getFirst().name()
            + " (pid "
            + socket.processes().getFirst().pid()
            + ")"
        : socket.holder() == Holder.NOBODY ? "no process any more" : "somebody unseen";
  }

  /** By what the agent saw, or else not before its process began. */
  private static String since(PortReport report, FoundSocket socket) {
    List<LastSeen> history = report.history();
    if (history != null) {
      for (LastSeen seen : history) {
        if (seen.protocol() == socket.protocol() && seen.state() == socket.state()) {
          return ", first seen " + Ages.between(seen.since(), report.time()) + " ago";
        }
      }
    }
    Instant started = socket.processes().isEmpty() ? null : socket.processes().getFirst().started();
    return started == null
        ? ""
        : ", a process that began " + Ages.between(started, report.time()) + " ago";
  }
}
