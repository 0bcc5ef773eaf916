package io.github.portpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where all control groups of cgroup v2 are mounted. */
public final class ControlGroupMount {
  private static final Pattern MOUNT =
      Pattern.compile("(?m)^\\S+ \\S+ \\S+ / (\\S+) .* - cgroup2 ");

  private ControlGroupMount() {}

  /** The directory, or nothing where they are not. */
  public static Optional<Path> find() throws IOException {
    Matcher mount = MOUNT.matcher(Files.readString(Path.of("/proc/self/mountinfo")));
    return mount.find() ? Optional.of(Path.of(mount.group(1))) : Optional.empty();
  }
}
