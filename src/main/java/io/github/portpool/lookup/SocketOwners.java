package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.source.OwnerSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The owners of the sockets of one answer: each is asked for once. */
final class SocketOwners {
  private final @Nullable OwnerSource source;
  private final Map<Long, OwningProcess> byInode;
  private final Map<Integer, Optional<OwningProcess>> byPid = new HashMap<>();
  private final Map<Integer, Optional<Instant>> started = new HashMap<>();
  private final Map<Long, Optional<ControlGroup>> groups = new HashMap<>();
  private final Map<Integer, String> users = new HashMap<>();

  /** Owners of which the processes are known by the inode numbers of their sockets. */
  SocketOwners(@Nullable OwnerSource source, Map<Long, OwningProcess> byInode) {
    this.source = source;
    this.byInode = byInode;
  }

  /** Looks for the processes of some sockets, all at once. */
  static SocketOwners of(@Nullable OwnerSource source, List<Sighting> sockets) {
    Map<Long, Integer> wanted = new HashMap<>();
    for (Sighting socket : sockets) {
      if (socket.inode() != 0) {
        wanted.put(socket.inode(), socket.uid());
      }
    }
    return new SocketOwners(
        source, source == null || wanted.isEmpty() ? Map.of() : source.processes(wanted));
  }

  /** The socket with its owner, as far as it is found. */
  FoundSocket name(Sighting socket) {
    OwningProcess process = process(socket.inode(), socket.pid());
    String user = socket.inode() != 0 ? user(socket.uid()) : process != null ? process.user() : "";
    return socket
        .socket()
        .ownedBy(
            user,
            process == null ? null : new OwningProcess(process.pid(), process.name(), user),
            process == null ? null : started(process.pid()),
            group(socket.controlGroup()));
  }

  /** The process of a socket by its inode number or, where the source told it, by its id. */
  @Nullable OwningProcess process(long inode, int pid) {
    OwningProcess found = byInode.get(inode);
    if (found != null || source == null || pid == 0) {
      return found;
    }
    return byPid.computeIfAbsent(pid, source::process).orElse(null);
  }

  private @Nullable Instant started(int pid) {
    return source == null ? null : started.computeIfAbsent(pid, source::started).orElse(null);
  }

  private @Nullable ControlGroup group(long id) {
    return source == null || id == 0
        ? null
        : groups.computeIfAbsent(id, source::controlGroup).orElse(null);
  }

  private String user(int uid) {
    return source == null
        ? Integer.toUnsignedString(uid)
        : users.computeIfAbsent(uid, source::user);
  }
}
