package io.github.portpool.source.owner;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.linux.Descriptors;
import io.github.portpool.linux.Rights;
import io.github.portpool.source.CommandName;
import io.github.portpool.source.Holders;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.WalkBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;

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
  private static final int MOST_EXCEPTIONS = 3;

  /** A descriptor of a process, or of a thread that has a table of its own. */
  private record Holder(int pid, int task, int fd, String name) {}

  /** PROC_USER_INIT_INO and PROC_PID_INIT_INO: include/linux/proc_ns.h. */
  private static final Set<String> INITIAL = Set.of("user:[4026531837]", "pid:[4026531836]");

  private final UserNames users = new UserNames(Path.of("/etc/passwd"));
  private final Descriptors descriptors = new Descriptors("socket");
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
            descriptors.inode(entry.getValue().task(), entry.getValue().fd()) != entry.getKey());
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

  /** All processes that hold some sockets, without a budget. */
  Holders holders(Set<Long> sockets) {
    return sockets.isEmpty() ? Holders.UNSOUGHT : search(_ -> true, sockets::contains);
  }

  /** The sockets that the processes of a name hold. */
  Holders held(String name) {
    String cut = CommandName.cut(name);
    return search(
        pid ->
            process(pid).filter(it -> it.name().equals(name) || it.name().equals(cut)).isPresent(),
        _ -> true);
  }

  private Holders search(IntPredicate chosen, LongPredicate wanted) {
    Map<Long, Set<Integer>> found = new HashMap<>();
    descriptors.walkAll(
        chosen,
        (pid, _, _, inode) -> {
          if (wanted.test(inode)) {
            found.computeIfAbsent(inode, _ -> new TreeSet<>()).add(pid);
          }
          return found.size() < OwnerSource.MOST_HELD;
        });
    Map<Integer, Optional<OwningProcess>> named = new HashMap<>();
    Map<Long, List<OwningProcess>> holders = new HashMap<>();
    found.forEach((inode, pids) ->
        holders.put(
            inode,
            pids.stream()
                .sorted(Comparator.comparing(pid -> pids.contains(parent(pid))))
                .flatMap(pid -> named.computeIfAbsent(pid, this::process).stream())
                .toList()));
    String obstacle = obstacle();
    return new Holders(holders, obstacle.isEmpty(), obstacle.isEmpty() ? exceptions() : obstacle);
  }

  /** Why the last search missed more than a few processes, one sentence, or empty. */
  private String obstacle() {
    if (!reason.isEmpty()) {
      return reason;
    }
    if (!isInitial("pid") || !isInitial("user")) {
      return "processes outside of this container are not seen:"
          + " ask on the host, or give it the host's PID namespace (docker: --pid=host)";
    }
    if (!descriptors.comparesThreads()) {
      return "descriptors that a thread does not share with its process are not seen,"
          + " for kcmp(2) is refused: allow it";
    }
    return descriptors.hidden().size() > MOST_EXCEPTIONS
        ? descriptors.hidden().size()
            + " processes do not show their descriptors: ask as root, outside of any confinement"
        : "";
  }

  /** The few processes that the last search could not look into, or empty. */
  private String exceptions() {
    return descriptors.hidden().stream()
        .map(pid -> CommandName.of(pid).orElse("?") + " (pid " + pid + ")")
        .reduce((some, more) -> some + ", " + more)
        .map(names -> "even with all rights no descriptors are seen of " + names)
        .orElse("");
  }

  /** Whether a namespace of this process is the host's. */
  private static boolean isInitial(String kind) {
    try {
      Path link = Files.readSymbolicLink(Path.of("/proc/self/ns/" + kind));
      return INITIAL.contains(link.toString());
    } catch (IOException e) {
      return false;
    }
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
    descriptors.walk((pid, task, fd, inode) -> {
      if (Arrays.binarySearch(wanted, inode) >= 0 && !known.containsKey(inode)) {
        int eldest = eldest(pid, fd, inode);
        int holder = eldest == pid ? task : eldest;
        CommandName.of(eldest)
            .ifPresent(name -> known.put(inode, new Holder(eldest, holder, fd, name)));
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
