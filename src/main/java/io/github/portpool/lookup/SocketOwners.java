package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.source.Holders;
import io.github.portpool.source.OwnerSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The owners of the sockets of one answer: each is asked for once. */
final class SocketOwners {
  private final OwnerSource source;
  private final Holders holders;
  private final boolean commands;
  private final Map<Integer, String> commandLines = new HashMap<>();
  private final Map<Integer, List<OwningProcess>> byPid = new HashMap<>();
  private final Map<Integer, Optional<Instant>> started = new HashMap<>();
  private final Map<Long, Optional<ControlGroup>> groups = new HashMap<>();
  private final Map<Integer, String> users = new HashMap<>();

  /**
   * Owners of which the processes are known; {@code commands} tells if how they were started is.
   */
  SocketOwners(OwnerSource source, Holders holders, boolean commands) {
    this.source = source;
    this.holders = holders;
    this.commands = commands;
  }

  /** The socket with its owner, as far as it is found. */
  FoundSocket name(Sighting socket) {
    List<OwningProcess> processes = processes(socket.inode(), socket.pid());
    String user =
        socket.inode() != 0
            ? users.computeIfAbsent(socket.uid(), source::user)
            : processes.stream().findFirst().map(OwningProcess::user).orElse("");
    return socket
        .socket()
        .ownedBy(
            user,
            processes.isEmpty() ? holder(socket) : Holder.PROCESS,
            processes.stream().map(this::process).toList(),
            group(socket.controlGroup()).orElse(null));
  }

  /** Who holds a socket of which no process was found. */
  private Holder holder(Sighting socket) {
    if (socket.inode() != 0) {
      return holders.sought() ? Holder.KERNEL : Holder.UNKNOWN;
    }
    return socket.pid() == 0 || socket.socket().ownerless() ? Holder.NOBODY : Holder.UNKNOWN;
  }

  private FoundSocket.HeldBy process(OwningProcess process) {
    return new FoundSocket.HeldBy(
        process.pid(),
        process.name(),
        started.computeIfAbsent(process.pid(), source::started).orElse(null),
        commands ? commandLines.computeIfAbsent(process.pid(), source::commandLine) : "");
  }

  /** The processes of a socket by its inode number or, where the source told it, by an id. */
  List<OwningProcess> processes(long inode, int pid) {
    return pid <= 0
        ? holders.bySocket().getOrDefault(inode, List.of())
        : byPid.computeIfAbsent(pid, id -> source.process(id).stream().toList());
  }

  /** What was not looked into for processes, one sentence, or empty. */
  String unseen() {
    return holders.unseen();
  }

  private Optional<ControlGroup> group(long id) {
    return id == 0 ? Optional.empty() : groups.computeIfAbsent(id, source::controlGroup);
  }
}
