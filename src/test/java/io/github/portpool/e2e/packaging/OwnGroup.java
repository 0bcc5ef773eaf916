package io.github.portpool.e2e.packaging;

import io.github.portpool.Await;
import io.github.portpool.ControlGroupMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A control group that a container's own are made in, apart from those of another container; none
 * where cgroup v2 is not mounted.
 */
final class OwnGroup {
  private static final String JOIN = "echo $$ > \"$0\"/cgroup.procs && exec \"$@\"";

  private final List<Path> directory;

  private OwnGroup(List<Path> directory) {
    this.directory = directory;
  }

  static OwnGroup create() throws IOException {
    Optional<Path> all = ControlGroupMount.find();
    return new OwnGroup(
        all.isPresent()
            ? List.of(Files.createTempDirectory(all.get(), "portpool-test"))
            : List.of());
  }

  boolean isThere() {
    return !directory.isEmpty();
  }

  /** The command that runs another in this group. */
  List<String> within(String... command) {
    List<String> all = new ArrayList<>();
    directory.forEach(it -> all.addAll(List.of("sh", "-c", JOIN, it.toString())));
    all.addAll(List.of(command));
    return all;
  }

  /** Removes it when the last process has left. */
  void remove() throws Exception {
    for (Path it : directory) {
      Await.until("its control groups are empty", () -> events(it).contains("populated 0"));
      try (Stream<Path> all = Files.walk(it)) {
        all.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).forEach(OwnGroup::delete);
      }
    }
  }

  private static String events(Path group) throws IOException {
    return Files.readString(group.resolve("cgroup.events"));
  }

  private static void delete(Path group) {
    try {
      Files.delete(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
