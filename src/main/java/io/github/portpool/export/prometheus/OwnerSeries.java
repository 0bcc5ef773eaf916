package io.github.portpool.export.prometheus;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The series of one namespace that name who owns sockets; each combination of labels once. */
final class OwnerSeries {
  /** The label of sockets that no control group owns; a path would begin with a slash. */
  private static final String OWNERLESS = "ownerless";

  private final Exposition out;
  private final boolean controlGroups;
  private final OwnerNames names;
  private final Snapshot snapshot;
  private final Set<List<String>> seen = new HashSet<>();

  /**
   * The owners in one snapshot.
   *
   * @param controlGroups whether control groups can be seen here
   */
  OwnerSeries(Exposition out, boolean controlGroups, OwnerNames names, Snapshot snapshot) {
    this.out = out;
    this.controlGroups = controlGroups;
    this.names = names;
    this.snapshot = snapshot;
  }

  void add() {
    if (controlGroups) {
      snapshot.owners().forEach(this::add);
      double untracked = snapshot.untrackedOwnerSockets();
      out.add(MetricCatalog.UNTRACKED_OWNERS, untracked, snapshot.netns());
    }
    snapshot.poolListeners().forEach(this::add);
    out.add(MetricCatalog.UNTRACKED_LISTENERS, snapshot.untrackedListeners(), snapshot.netns());
  }

  private void add(OwnerUsage owner) {
    String netns = snapshot.netns();
    String protocol = owner.protocol().label();
    ControlGroup group = names.controlGroup(owner.controlGroup());
    String path = path(owner.controlGroup(), group);
    if (group == null || !seen.add(List.of(protocol, path))) {
      // Where a group was made again under the path of another that has gone, its number tells.
      String label = group == null ? path : OwnerNames.number(owner.controlGroup());
      out.add(MetricCatalog.OWNER_USED_PORTS, owner.ports(), netns, protocol, label, "", "", "");
      return;
    }
    out.add(
        MetricCatalog.OWNER_USED_PORTS,
        owner.ports(),
        netns,
        protocol,
        path,
        group.unit(),
        group.container(),
        group.pod());
  }

  private void add(PoolListener listener) {
    OwningProcess process = names.process(listener.inode());
    List<String> labels =
        List.of(
            snapshot.netns(),
            listener.protocol().label(),
            String.valueOf(listener.port()),
            process == null ? "" : process.name(),
            process == null ? "" : String.valueOf(process.pid()),
            process == null ? "" : process.user(),
            !controlGroups
                ? ""
                : path(listener.controlGroup(), names.controlGroup(listener.controlGroup())),
            String.valueOf(listener.reserved()));
    if (seen.add(labels)) {
      out.add(MetricCatalog.POOL_LISTENER_INFO, 1, labels.toArray(String[]::new));
    }
  }

  private static String path(long id, @Nullable ControlGroup group) {
    return id == 0 ? OWNERLESS : group == null ? OwnerNames.number(id) : group.path();
  }
}
