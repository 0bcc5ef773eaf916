package io.github.portpool.export.text;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.FoundSocket;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How owners are called. */
final class OwnerWords {
  private OwnerWords() {}

  /** {@code nginx (pid 4711, user www-data, nginx.service)}, or what is known instead of it. */
  static String of(FoundSocket socket) {
    String group = place(socket.controlGroup());
    String user = socket.user().isEmpty() ? "" : "user " + socket.user();
    if (socket.process() == null) {
      String known = joined(user, group);
      return known.isEmpty() ? "a process that is not seen" : "an unseen process of " + known;
    }
    String pid = "pid " + socket.process().pid();
    return socket.process().name() + " (" + joined(pid, user, group) + ")";
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
