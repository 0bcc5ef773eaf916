package io.github.portpool.export.text;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.FoundSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How owners are called. */
final class OwnerWords {
  private OwnerWords() {}

  /** {@code nginx (pid 4711, user www-data, nginx.service)}, or what is known instead of it. */
  static String of(FoundSocket socket) {
    String group = unit(socket.controlGroup());
    if (socket.process() == null) {
      String user = socket.user().isEmpty() ? "" : "user " + socket.user();
      String known = joined(user, group);
      return known.isEmpty() ? "a process that is not seen" : "an unseen process of " + known;
    }
    String pid = "pid " + socket.process().pid();
    String user = socket.user().isEmpty() ? "" : "user " + socket.user();
    return socket.process().name() + " (" + joined(pid, user, group) + ")";
  }

  /** The pod, container or unit of a control group, or else its path; empty for none. */
  static String unit(@Nullable ControlGroup group) {
    if (group == null) {
      return "";
    }
    String pod = group.pod().isEmpty() ? "" : "pod " + group.pod();
    String container = group.container().isEmpty() ? "" : "container " + group.container();
    String inside = joined(pod, container);
    return !inside.isEmpty() ? inside : group.unit().isEmpty() ? group.path() : group.unit();
  }

  /** Those texts that say something, with commas. */
  static String joined(String... texts) {
    List<String> said = new ArrayList<>();
    for (String text : texts) {
      if (!text.isEmpty()) {
        said.add(text);
      }
    }
    return String.join(", ", said);
  }
}
