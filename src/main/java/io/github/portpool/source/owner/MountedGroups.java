package io.github.portpool.source.owner;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where cgroup v2 is mounted, by the lines of /proc/self/mountinfo: proc_pid_mountinfo(5). */
final class MountedGroups {
  // 41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw
  private static final int MOUNT_POINT = 4;
  private static final String TYPE_FOLLOWS = " - ";
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  private MountedGroups() {}

  /** The mount points, each character of them a byte. */
  static List<String> of(Stream<String> mountinfo) {
    return mountinfo.filter(MountedGroups::isCgroup2).map(MountedGroups::mountPoint).toList();
  }

  private static boolean isCgroup2(String line) {
    int end = line.indexOf(TYPE_FOLLOWS);
    return end >= 0 && line.startsWith("cgroup2 ", end + TYPE_FOLLOWS.length());
  }

  private static String mountPoint(String line) {
    String[] fields = line.split(" ", MOUNT_POINT + 2);
    return fields.length > MOUNT_POINT ? unescaped(fields[MOUNT_POINT]) : "";
  }

  private static String unescaped(String field) {
    return ESCAPE
        .matcher(field)
        .replaceAll(match -> {
          byte[] one = {(byte) Integer.parseInt(match.group(1), 8)};
          return Matcher.quoteReplacement(new String(one, StandardCharsets.ISO_8859_1));
        });
  }
}
