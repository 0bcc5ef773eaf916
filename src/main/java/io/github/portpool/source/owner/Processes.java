package io.github.portpool.source.owner;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.linux.Rights;
import io.github.portpool.linux.SocketDescriptors;
import io.github.portpool.source.CommandName;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.WalkBudget;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Processes by the inode number of a socket that they hold. Where there are several, the one that
 * the others inherited it from; else that with the fewest descriptors, which is found first.
 *
 * <p>The descriptors of all processes are walked when an unknown socket is asked for, as the budget
 * allows, and no further than all of those are found. An owner that is known costs one system call
 * each time, to see that it still holds the socket; its name is that of when it was found. Used by
 * one thread at a time.
 */
final class Processes implements AutoCloseable {
  private record Holder(int pid, int fd, String name) {}

  private final UserNames users = new UserNames(Path.of("/etc/passwd"));
  private final SocketDescriptors descriptors = new SocketDescriptors();
  private final Map<Long, Holder> known = new HashMap<>();
  private final WalkBudget budget;
  private final String reason;

  Processes(WalkBudget budget) {
    this.budget = budget;
    users.refresh();
    Rights rights = Rights.current();
    reason =
        rights.seesAllProcesses()
            ? ""
            : "only processes of user "
                + users.name(rights.uid())
                + " are seen: give the agent CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH";
  }

  /** Why some processes cannot be named and what cures it, or empty. */
  String unavailable() {
    return reason;
  }

  /** The processes that hold some sockets, given with their user ids; the others are forgotten. */
  Map<Long, OwningProcess> find(Map<Long, Integer> sockets) {
    known.keySet().retainAll(sockets.keySet());
    known
        .entrySet()
        .removeIf(entry ->
            descriptors.inode(entry.getValue().pid(), entry.getValue().fd()) != entry.getKey());
    long[] wanted =
        sockets.keySet().stream()
            .mapToLong(Long::longValue)
            .filter(inode -> inode != 0 && !known.containsKey(inode))
            .sorted()
            .toArray();
    if (wanted.length > 0) {
      budget.run(() -> walk(wanted));
    }
    users.refresh();
    Map<Long, OwningProcess> found = new HashMap<>();
    known.forEach((inode, holder) ->
        found.put(
            inode,
            new OwningProcess(
                holder.pid(), holder.name(), users.name(sockets.getOrDefault(inode, 0)))));
    return found;
  }

  /** The sockets that the processes of a name hold. */
  Map<Long, OwningProcess> held(String name) {
    String cut = CommandName.cut(name);
    Map<Integer, OwningProcess> named = new HashMap<>();
    Map<Long, OwningProcess> held = new HashMap<>();
    descriptors.walk(
        pid -> {
          Optional<OwningProcess> process =
              process(pid).filter(it -> it.name().equals(name) || it.name().equals(cut));
          process.ifPresent(it -> named.put(pid, it));
          return process.isPresent();
        },
        (pid, fd, inode) -> {
          held.putIfAbsent(inode, named.get(pid));
          return held.size() < OwnerSource.MOST_HELD;
        });
    return held;
  }

  /** A process by its id. */
  Optional<OwningProcess> process(int pid) {
    return CommandName.of(pid).map(name -> new OwningProcess(pid, name, ""));
  }

  /** The name of a user, or the number where it has none. */
  String user(int uid) {
    users.refresh();
    return users.name(uid);
  }

  private void walk(long[] wanted) {
    int enough = known.size() + wanted.length;
    descriptors.walk((pid, fd, inode) -> {
      if (Arrays.binarySearch(wanted, inode) >= 0 && !known.containsKey(inode)) {
        int holder = eldest(pid, fd, inode);
        CommandName.of(holder).ifPresent(name -> known.put(inode, new Holder(holder, fd, name)));
      }
      return known.size() < enough;
    });
  }

  /** The forefather that a descriptor was inherited from, as far as it is still open there. */
  private int eldest(int pid, int fd, long inode) {
    int eldest = pid;
    int parent = parent(pid);
    while (parent != 0 && descriptors.inode(parent, fd) == inode) {
      eldest = parent;
      parent = parent(parent);
    }
    return eldest;
  }

  private static int parent(int pid) {
    return ProcessHandle.of(pid)
        .flatMap(ProcessHandle::parent)
        .map(parent -> (int) parent.pid())
        .orElse(0);
  }

  @Override
  public void close() {
    descriptors.close();
  }
}
