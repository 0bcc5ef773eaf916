package io.github.portpool.export.text;

import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import java.time.Instant;
import java.util.List;

/** A table of sockets; namespaces are named where one of them is not the host's own. */
public final class SocketRows {
  private static final int MILLIS = 1000;

  private SocketRows() {}

  /**
   * A row for each socket.
   *
   * @param now what the ages of processes are counted to
   * @param allProcesses whether a process that is not named does not exist
   */
  public static TextTable of(List<FoundSocket> sockets, Instant now, boolean allProcesses) {
    boolean everywhere = sockets.stream().anyMatch(socket -> !socket.onHost());
    TextTable table =
        new TextTable(
                "NETNS",
                "PROTO",
                "STATE",
                "LOCAL",
                "REMOTE",
                "PROCESS",
                "PID",
                "USER",
                "UNIT OR CONTAINER",
                "AGE",
                "NOTE")
            .right("PID", "AGE");
    for (FoundSocket socket : sockets) {
      Endpoint remote = socket.remote();
      table.row(
          everywhere ? socket.netns() : "",
          socket.protocol().label(),
          socket.state().label(),
          socket.local().toString(),
          remote == null ? "" : remote.toString(),
          socket.process() == null ? "-" : socket.process().name(),
          socket.process() == null ? "-" : String.valueOf(socket.process().pid()),
          socket.user().isEmpty() ? "-" : socket.user(),
          OwnerWords.place(socket.controlGroup()),
          socket.processStarted() == null ? "" : Ages.between(socket.processStarted(), now),
          note(socket, allProcesses));
    }
    return table;
  }

  private static String note(FoundSocket socket, boolean allProcesses) {
    return OwnerWords.joined(
        socket.ownerless()
            ? "the kernel alone holds it" + remaining(socket)
            : allProcesses && isUnheld(socket) ? "no process holds it" : "",
        socket.v6only() ? "IPv6 alone" : "",
        socket.interfaceIndex() == 0 ? "" : "interface " + socket.interfaceIndex());
  }

  /** Whether no process was found or hidden: an orphan, or a connection not yet accepted. */
  static boolean isUnheld(FoundSocket socket) {
    return socket.process() == null && socket.user().isEmpty();
  }

  /** How long a TIME_WAIT has still to live, rounded up; empty where that is not known. */
  static String remaining(FoundSocket socket) {
    int millis = socket.timeWaitMillis();
    return millis == 0 ? "" : " for " + Math.ceilDiv(millis, MILLIS) + " s more";
  }
}
