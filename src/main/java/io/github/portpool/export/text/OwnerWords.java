package io.github.portpool.export.text;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.FoundSocket;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How owners are called. */
final class OwnerWords {
  private static final int MOST_NAMES = 4;

  private OwnerWords() {}

  /**
   * {@code nginx (pid 4711, user www-data, nginx.service)}, or what is known instead of it.
   *
   * @param allProcesses whether none hides what it holds
   */
  static String of(FoundSocket socket, boolean allProcesses) {
    String group = place(socket.controlGroup());
    String user = socket.user().isEmpty() ? "" : "user " + socket.user();
    return switch (socket.holder()) {
      case KERNEL ->
          allProcesses
              ? "the kernel (no process)"
              : "the kernel (no process that shows its descriptors)";
      case NOBODY -> nobody(socket);
      case UNKNOWN -> "an unseen process or the kernel" + bracketed(joined(user, group));
      case PROCESS ->
          socket.processes().size() == 1
              ? socket.processes().getFirst().name()
                  + bracketed(joined("pid " + socket.processes().getFirst().pid(), user, group))
              : names(socket) + bracketed(joined(user, group));
    };
  }

  private static String names(FoundSocket socket) {
    List<String> names =
        socket.processes().stream()
            .limit(MOST_NAMES)
            .map(process -> process.name() + " (pid " + process.pid() + ")")
            .toList();
    int more = socket.processes().size() + socket.untrackedProcesses() - names.size();
    return more > 0
        ? String.join(", ", names) + " and " + more + " more"
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private static String bracketed(String text) {
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  /** Why there is no process where the kernel says that there is none. */
  static String nobody(FoundSocket socket) {
    return switch (socket.state()) {
      case SYN_RECV, ESTABLISHED, CLOSE_WAIT -> "no process has accepted it yet";
      default -> "no process holds it any more";
    };
  }

  /** The place of a control group, empty for none. */
  static String place(@Nullable ControlGroup group) {
    return group == null ? "" : group.place();
  }

  /** Those texts that say something, with commas. */
  static String joined(String... texts) {
    return Stream.of(texts).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
  }
}
