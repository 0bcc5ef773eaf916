package io.github.portpool.source.owner;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.linux.DirectoryReader;
import io.github.portpool.source.WalkBudget;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Control groups by their id, which is the inode number of their directory in the cgroup v2
 * hierarchy.
 *
 * <p>The tree is walked when an unknown id is asked for, as its budget allows. At most 4,096 groups
 * are remembered; an id is never given twice, so that what is remembered stays true. Used by one
 * thread at a time.
 */
final class ControlGroups implements AutoCloseable {
  private static final int MOST_REMEMBERED = 4096;
  private static final int MOST_DIRECTORIES = 32_768;
  private static final int MOST_PENDING = 8192;
  private static final int LONGEST_PATH = 1024;
  private static final long ROOT = 1; // of the real root, and of no other directory

  private final String root;
  private final String reason;
  private final WalkBudget budget;
  private final DirectoryReader directory = new DirectoryReader();
  private final LinkedHashMap<Long, ControlGroup> known = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Long> missed = new HashSet<>();

  /** The groups of this host. */
  ControlGroups(WalkBudget budget) {
    this(mounts(), budget);
  }

  /** The groups of the first mount point of cgroup v2 that shows all of them. */
  ControlGroups(List<String> mounts, WalkBudget budget) {
    this.budget = budget;
    root = mounts.stream().filter(this::showsAll).findFirst().orElse("");
    reason =
        !root.isEmpty()
            ? ""
            : mounts.isEmpty()
                ? "control groups are not named, because cgroup v2 is not mounted: mount it, mount"
                    + " -t cgroup2 none /sys/fs/cgroup/unified"
                : "control groups are not named, because the agent's cgroup namespace shows only a"
                    + " part of them: give it the host's (docker and podman: --cgroupns=host)";
  }

  private static List<String> mounts() {
    try (BufferedReader mountinfo =
        Files.newBufferedReader(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
      return MountedGroups.of(mountinfo.lines());
    } catch (IOException e) {
      return List.of();
    }
  }

  private boolean showsAll(String mount) {
    boolean all = false;
    directory.open(mount);
    while (directory.next()) {
      all |= directory.entry().name().equals(".") && directory.entry().inode() == ROOT;
    }
    return all;
  }

  /** Why groups cannot be named and what cures it, or empty. */
  String unavailable() {
    return reason;
  }

  /** The group of an id, or empty when it is not found. */
  Optional<ControlGroup> find(long id) {
    ControlGroup found = known.get(id);
    if (found != null || id == 0 || root.isEmpty()) {
      return Optional.ofNullable(found);
    }
    if (missed.size() < MOST_REMEMBERED) {
      missed.add(id);
    }
    budget.run(this::walk);
    return Optional.ofNullable(known.get(id));
  }

  private void walk() {
    Deque<String> pending = new ArrayDeque<>();
    see(ROOT, "/");
    pending.push("");
    for (int read = 0; !pending.isEmpty() && read < MOST_DIRECTORIES; read++) {
      String parent = pending.pop();
      directory.open(root + parent);
      while (directory.next()) {
        String name = directory.entry().isDirectory() ? directory.entry().name() : ".";
        if (!name.equals(".") && !name.equals("..")) {
          String path = parent + "/" + name;
          see(directory.entry().inode(), path);
          if (pending.size() < MOST_PENDING && path.length() <= LONGEST_PATH) {
            pending.push(path);
          }
        }
      }
    }
    missed.clear();
  }

  /** Remembers a group: one that was asked for at the expense of another, others while they fit. */
  private void see(long id, String path) {
    boolean wanted = missed.remove(id);
    boolean full = known.size() >= MOST_REMEMBERED;
    if (known.containsKey(id) || (full && !wanted)) {
      return;
    }
    if (full) {
      known.pollFirstEntry();
    }
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    known.put(id, ControlGroup.of(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    directory.close();
  }
}
