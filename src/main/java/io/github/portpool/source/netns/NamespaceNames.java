package io.github.portpool.source.netns;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.linux.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Names for namespaces: that under /run/netns, else the pod or container of a process inside, else
 * the inode number.
 */
final class NamespaceNames {
  private static final int LONGEST = 128;

  /** Numbers are for those without a name. */
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private NamespaceNames() {}

  /** A name that is not taken yet. */
  static String name(Path file, long inode, Collection<String> taken) {
    String name = NamespaceFiles.name(file);
    if (name.isEmpty() && file.endsWith("ns/net")) {
      name = fromProcess(file);
    }
    boolean usable =
        !name.isEmpty()
            && name.length() <= LONGEST
            && !NUMBER.matcher(name).matches()
            && name.codePoints().noneMatch(Character::isISOControl);
    return usable && !taken.contains(name) ? name : String.valueOf(inode);
  }

  private static String fromProcess(Path file) {
    try (ProcFile groups = new ProcFile(file.resolveSibling("../cgroup"))) {
      return fromControlGroups(groups.read());
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The pod or container that the lines of /proc/PID/cgroup name, in version 1, 2 or both: {@code
   * 0::/kubepods.slice/...}.
   */
  static String fromControlGroups(String lines) {
    for (String line : lines.split("\n", -1)) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        ControlGroup group = ControlGroup.of(parts[2]);
        String name = group.pod().isEmpty() ? group.container() : group.pod();
        if (!name.isEmpty()) {
          return name;
        }
      }
    }
    return "";
  }
}
