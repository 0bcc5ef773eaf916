package io.github.portpool.export.text;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.host.Printable;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.ListenerCounts;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The listeners of a sample in lines: how many per range, and which are inside the ephemeral range.
 */
final class ListenersText {
  /** So many inside the ephemeral range are named; the others are counted. */
  private static final int MOST = 2;

  private static final int NARROW = 70;

  private ListenersText() {}

  static String of(Snapshot snapshot, OwnerNames owners, Style style, int width) {
    StringBuilder text = new StringBuilder();
    String form = width < NARROW ? "%-9s%8s%12s%13s%17s" : "%-11s%13s%13s%13s%20s";
    List<Object> title = new ArrayList<>(List.of("Listeners"));
    for (IanaRange range : IanaRange.values()) {
      title.add(range.first() + "-" + range.last());
    }
    title.add("ephemeral range");
    text.append(style.title(form.formatted(title.toArray()))).append('\n');
    for (Protocol protocol : Protocol.values()) {
      ListenerCounts counts = snapshot.pool(protocol).listeners();
      text.append(form.formatted(counts(protocol, counts).toArray())).append('\n');
    }
    List<PoolListener> all = snapshot.poolListeners();
    all.stream()
        .sorted(Comparator.comparing(PoolListener::reserved))
        .limit(MOST)
        .forEach(listener -> text.append(line(listener, owners, style, width)).append('\n'));
    int more = snapshot.untrackedListeners() + Math.max(0, all.size() - MOST);
    if (more > 0) {
      text.append("  and ").append(more).append(" more in the ephemeral range\n");
    }
    return text.toString();
  }

  private static List<Object> counts(Protocol protocol, ListenerCounts counts) {
    List<Object> cells = new ArrayList<>(List.of("  " + protocol));
    for (IanaRange range : IanaRange.values()) {
      cells.add(counts.sockets().getOrDefault(range, 0));
    }
    cells.add(counts.reservedInRange() + counts.unreservedInRange());
    return cells;
  }

  private static String line(PoolListener listener, OwnerNames owners, Style style, int width) {
    String port = "  %-4s%-6d".formatted(listener.protocol().label(), listener.port());
    String reserved = listener.reserved() ? "reserved" : "not reserved";
    String owner = owner(listener, owners);
    return port
        + (listener.reserved() ? style.good(reserved) : style.warning(reserved))
        + Printable.of(owner, width - port.length() - reserved.length());
  }

  private static String owner(PoolListener listener, OwnerNames owners) {
    OwningProcess process = owners.process(listener.inode());
    ControlGroup group = owners.controlGroup(listener.controlGroup());
    List<String> names = new ArrayList<>();
    if (process != null) {
      names.add("%s, pid %d, user %s".formatted(process.name(), process.pid(), process.user()));
    }
    if (group != null) {
      names.add(group.path());
    }
    return names.isEmpty() ? "" : ": " + String.join(", ", names);
  }
}
