package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.source.OwnerSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The owners of the sockets of one answer: each is asked for once. */
final class SocketOwners {
  private final OwnerSource source;
  private final Map<Long, OwningProcess> byInode;
  private final Map<Integer, Optional<OwningProcess>> byPid = new HashMap<>();
  private final Map<Integer, Optional<Instant>> started = new HashMap<>();
  private final Map<Long, Optional<ControlGroup>> groups = new HashMap<>();
  private final Map<Integer, String> users = new HashMap<>();

  /** Owners of which the processes are known by the inode numbers of their sockets. */
  SocketOwners(OwnerSource source, Map<Long, OwningProcess> byInode) {
    this.source = source;
    this.byInode = byInode;
  }

  /** Looks for the processes of some sockets, all at once. */
  static SocketOwners of(OwnerSource source, List<Sighting> sockets) {
    Map<Long, Integer> wanted = new HashMap<>();
    for (Sighting socket : sockets) {
      if (socket.inode() != 0) {
        wanted.put(socket.inode(), socket.uid());
      }
    }
    return new SocketOwners(source, wanted.isEmpty() ? Map.of() : source.processes(wanted));
  }

  /** The socket with its owner, as far as it is found. */
  FoundSocket name(Sighting socket) {
    Optional<OwningProcess> process = process(socket.inode(), socket.pid());
    String user =
        socket.inode() != 0
            ? users.computeIfAbsent(socket.uid(), source::user)
            : process.map(OwningProcess::user).orElse("");
    return socket
        .socket()
        .ownedBy(
            user,
            process.map(it -> new OwningProcess(it.pid(), it.name(), user)).orElse(null),
            process.flatMap(it -> started.computeIfAbsent(it.pid(), source::started)).orElse(null),
            group(socket.controlGroup()).orElse(null));
  }

  /** The process of a socket by its inode number or, where the source told it, by its id. */
  Optional<OwningProcess> process(long inode, int pid) {
    return pid == 0 || byInode.containsKey(inode)
        ? Optional.ofNullable(byInode.get(inode))
        : byPid.computeIfAbsent(pid, source::process);
  }

  private Optional<ControlGroup> group(long id) {
    return id == 0 ? Optional.empty() : groups.computeIfAbsent(id, source::controlGroup);
  }
}
