package io.github.portpool.export.text;

import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.HeldBy;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.SocketGroup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of sockets by who holds them; namespaces are named where one is not the host's own. */
public final class GroupRows {
  private GroupRows() {}

  /**
   * A row for each group.
   *
   * @param now what the ages of processes are counted to
   */
  public static TextTable of(List<SocketGroup> groups, Instant now) {
    boolean everywhere = groups.stream().anyMatch(SocketGroup::elsewhere);
    TextTable table =
        new TextTable(
                "SOCKETS",
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
            .right("SOCKETS", "PID", "PROCESS AGE");
    for (SocketGroup group : groups) {
      table.row(
          String.valueOf(group.sockets()),
          everywhere ? group.netns() : "",
          group.protocol().label(),
          group.state().label(),
          text(group.local()),
          text(group.remote()),
          SocketRows.each(group.processes(), HeldBy::name),
          SocketRows.each(group.processes(), process -> String.valueOf(process.pid()))
              + SocketRows.more(group.untrackedProcesses()),
          group.user().isEmpty() ? "-" : group.user(),
          OwnerWords.place(group.controlGroup()),
          SocketRows.age(group.processes(), now),
          note(group.holder()));
    }
    return table;
  }

  private static String text(@Nullable Endpoint endpoint) {
    return endpoint == null ? "" : endpoint.toString();
  }

  private static String note(Holder holder) {
    return switch (holder) {
      case KERNEL -> "the kernel's own";
      case NOBODY -> "no process holds them";
      case PROCESS, UNKNOWN -> "";
    };
  }
}
