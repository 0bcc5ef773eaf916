package io.github.portpool.export.text;

import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table of sockets; namespaces are named where one of them is not the host's own. */
public final class SocketRows {
  private static final int MILLIS = 1000;

  private SocketRows() {}

  /**
   * A row for each socket.
   *
   * @param now what the ages of processes are counted to
   */
  public static TextTable of(List<FoundSocket> sockets, Instant now) {
    boolean everywhere = sockets.stream().anyMatch(FoundSocket::elsewhere);
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
                "PROCESS AGE",
                "NOTE")
            .right("PID", "PROCESS AGE");
    for (FoundSocket socket : sockets) {
      Endpoint remote = socket.remote();
      table.row(
          everywhere ? socket.netns() : "",
          socket.protocol().label(),
          socket.state().label(),
          socket.local().toString(),
          remote == null ? "" : remote.toString(),
          each(socket.processes(), FoundSocket.HeldBy::name),
          each(socket.processes(), process -> String.valueOf(process.pid()))
              + more(socket.untrackedProcesses()),
          socket.user().isEmpty() ? "-" : socket.user(),
          OwnerWords.place(socket.controlGroup()),
          age(socket.processes(), now),
          note(socket));
    }
    return table;
  }

  /** What some processes have, each thing once: workers of a server share their name. */
  static String each(
      List<FoundSocket.HeldBy> processes, Function<FoundSocket.HeldBy, String> what) {
    return processes.isEmpty()
        ? "-"
        : processes.stream().map(what).distinct().collect(Collectors.joining(", "));
  }

  static String more(int processes) {
    return processes == 0 ? "" : " and " + processes + " more";
  }

  static String age(List<FoundSocket.HeldBy> processes, Instant now) {
    return processes.stream()
        .findFirst()
        .map(FoundSocket.HeldBy::started)
        .map(started -> Ages.between(started, now))
        .orElse("");
  }

  private static String note(FoundSocket socket) {
    return OwnerWords.joined(
        socket.ownerless()
            ? "the kernel alone holds it" + remaining(socket)
            : switch (socket.holder()) {
              case KERNEL -> "the kernel's own";
              case NOBODY -> OwnerWords.nobody(socket);
              case PROCESS, UNKNOWN -> "";
            },
        socket.v6only() ? "IPv6 alone" : "",
        socket.interfaceIndex() == 0 ? "" : "interface " + socket.interfaceIndex());
  }

  /** How long a TIME_WAIT has still to live, rounded up; empty where that is not known. */
  static String remaining(FoundSocket socket) {
    int seconds = remainingSeconds(socket);
    return seconds == 0 ? "" : " for " + seconds + " s more";
  }

  /** The same as a number, 0 where it is not known. */
  static int remainingSeconds(FoundSocket socket) {
    return Math.ceilDiv(socket.timeWaitMillis(), MILLIS);
  }
}
