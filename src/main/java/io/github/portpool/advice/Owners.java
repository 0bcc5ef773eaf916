package io.github.portpool.advice;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names of those who own sockets, as far as they are known.
 *
 * @param processes by the inode number of a socket
 * @param controlGroups by their id
 * @param users by their number
 */
public record Owners(
    Map<Long, OwningProcess> processes,
    Map<Long, ControlGroup> controlGroups,
    Map<Integer, String> users) {
  /** Nobody's. */
  public static final Owners NONE = new Owners(Map.of(), Map.of(), Map.of());

  private static final int MOST_PROCESSES = 3;

  /** What systemd lets a name consist of, systemd.unit(5), without what a shell understands. */
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:_.@-]*\\.service");

  /** An owner in a few words, the processes with the most of some sockets first. */
  String describe(long controlGroup, int uid, List<Long> inodes) {
    List<String> words = new ArrayList<>();
    List<OwningProcess> most = processes(inodes);
    most.stream()
        .limit(MOST_PROCESSES)
        .forEach(each -> words.add("%s (pid %d)".formatted(each.name(), each.pid())));
    if (most.size() > MOST_PROCESSES) {
      words.add("and others");
    }
    words.add("user " + user(uid, most));
    ControlGroup group = controlGroups.get(controlGroup);
    if (group != null) {
      words.add(group.place());
    }
    return String.join(", ", words);
  }

  private String user(int uid, List<OwningProcess> some) {
    return users.isEmpty() && !some.isEmpty()
        ? some.getFirst().user()
        : users.getOrDefault(uid, Integer.toUnsignedString(uid));
  }

  /** The processes that hold some sockets, that with the most of them first. */
  public List<OwningProcess> processes(List<Long> inodes) {
    Map<OwningProcess, Integer> counts = new LinkedHashMap<>();
    for (Long inode : inodes) {
      OwningProcess process = processes.get(inode);
      if (process != null) {
        counts.merge(process, 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<OwningProcess, Integer>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The control group of a holder, or null where it is not known. */
  public @Nullable ControlGroup controlGroup(PortHolder holder) {
    return controlGroups.get(holder.controlGroup());
  }

  /** How many sockets a holder has in which states, and who it is. */
  public String line(PortHolder holder) {
    String states =
        holder.sockets().entrySet().stream()
            .sorted(
                Map.Entry.<SocketState, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(each -> "%d %s".formatted(each.getValue(), each.getKey().name()))
            .collect(Collectors.joining(", "));
    return states
        + ": "
        + (holder.ownerless()
            ? "no process holds them"
            : describe(holder.controlGroup(), holder.uid(), holder.inodes()));
  }

  /** The name of who holds some sockets: a process, or else its unit or container, or empty. */
  String name(PortHolder holder) {
    List<OwningProcess> most = processes(holder.inodes());
    ControlGroup group = controlGroups.get(holder.controlGroup());
    return most.isEmpty() ? group == null ? "" : group.place() : most.getFirst().name();
  }

  /** The command that restarts an owner, where it is a service of systemd. */
  Optional<Fix> restart(long controlGroup) {
    ControlGroup group = controlGroups.get(controlGroup);
    return group == null
            || group.path().startsWith("/user.slice/")
            || !SERVICE.matcher(group.unit()).matches()
        ? Optional.empty()
        : Optional.of(Fix.once("systemctl restart " + group.unit()));
  }
}
