package io.github.portpool.advice;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of those who own sockets, as far as they are known.
 *
 * @param processes by the inode number of a socket
 * @param controlGroups by their id
 * @param users by their number
 */
record Owners(
    Map<Long, OwningProcess> processes,
    Map<Long, ControlGroup> controlGroups,
    Map<Integer, String> users) {
  private static final int MOST_PROCESSES = 3;

  /** What systemd lets a name consist of, systemd.unit(5), without what a shell understands. */
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:_.@-]*\\.service");

  /** An owner in a few words, the processes with the most of some sockets first. */
  String describe(long controlGroup, int uid, List<Long> inodes) {
    List<String> words = new ArrayList<>();
    Map<String, Integer> names = new LinkedHashMap<>();
    for (Long inode : inodes) {
      OwningProcess process = processes.get(inode);
      if (process != null) {
        names.merge("%s (pid %d)".formatted(process.name(), process.pid()), 1, Integer::sum);
      }
    }
    names.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(MOST_PROCESSES)
        .forEach(name -> words.add(name.getKey()));
    if (names.size() > MOST_PROCESSES) {
      words.add("and others");
    }
    words.add("user " + users.getOrDefault(uid, Integer.toUnsignedString(uid)));
    ControlGroup group = controlGroups.get(controlGroup);
    if (group != null) {
      words.add(group.place());
    }
    return String.join(", ", words);
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
