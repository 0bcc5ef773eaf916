package io.github.portpool.export.prometheus;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.sample.NamedOwner;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The series of one namespace that name who owns sockets; each combination of labels once. */
final class OwnerSeries {
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
      names.of(snapshot).forEach(this::add);
      double untracked = snapshot.untrackedOwnerSockets();
      out.add(MetricCatalog.UNTRACKED_OWNERS, untracked, snapshot.netns());
    }
    snapshot.poolListeners().forEach(this::add);
    out.add(MetricCatalog.UNTRACKED_LISTENERS, snapshot.untrackedListeners(), snapshot.netns());
  }

  private void add(NamedOwner owner) {
    out.add(
        MetricCatalog.OWNER_USED_PORTS,
        owner.ports(),
        snapshot.netns(),
        owner.protocol().label(),
        owner.path(),
        owner.unit(),
        owner.container(),
        owner.pod());
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
            controlGroups ? names.path(listener.controlGroup()) : "",
            String.valueOf(listener.reserved()));
    if (seen.add(labels)) {
      out.add(MetricCatalog.POOL_LISTENER_INFO, 1, labels.toArray(String[]::new));
    }
  }
}
