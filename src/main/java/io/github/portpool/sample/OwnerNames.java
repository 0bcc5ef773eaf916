package io.github.portpool.sample;

import io.github.portpool.advice.Owners;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.table.PortHolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of those who own sockets in the snapshots of a report.
 *
 * @param controlGroups control groups by their id; one that is gone or hidden is not there
 * @param processes processes by the inode number of the listening socket that they hold
 */
public record OwnerNames(
    Map<Long, ControlGroup> controlGroups, Map<Long, OwningProcess> processes) {
  /** What sockets that no control group owns are filed under; a path would begin with a slash. */
  private static final String OWNERLESS = "ownerless";

  /** Of so many who hold ports of a namespace, the names are looked for. */
  private static final int MOST_HOLDERS = 20;

  /** By so many of the sockets of each. */
  private static final int MOST_SOCKETS = 8;

  /** Nobody's. */
  static final OwnerNames NONE = new OwnerNames(Map.of(), Map.of());

  /** Looks for all owners in some snapshots at once. */
  static OwnerNames of(
      OwnerSource source, List<Snapshot> snapshots, List<List<PortHolder>> holders) {
    Map<Long, Integer> sockets = new HashMap<>();
    Map<Long, ControlGroup> groups = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      for (PoolListener listener : snapshot.poolListeners()) {
        if (listener.inode() != 0) {
          sockets.put(listener.inode(), listener.uid());
        }
        put(groups, source, listener.controlGroup());
      }
      for (OwnerUsage owner : snapshot.owners()) {
        put(groups, source, owner.controlGroup());
      }
    }
    for (List<PortHolder> some : holders) {
      for (PortHolder holder : some.subList(0, Math.min(MOST_HOLDERS, some.size()))) {
        holder.inodes().stream()
            .limit(MOST_SOCKETS)
            .forEach(inode -> sockets.put(inode, holder.uid()));
        put(groups, source, holder.controlGroup());
      }
    }
    return new OwnerNames(Map.copyOf(groups), Map.copyOf(source.processes(sockets)));
  }

  private static void put(Map<Long, ControlGroup> groups, OwnerSource source, long id) {
    if (id != 0 && !groups.containsKey(id)) {
      source.controlGroup(id).ifPresent(group -> groups.put(id, group));
    }
  }

  /** What a control group that is gone or hidden is called: no path, which begins with a slash. */
  public static String number(long id) {
    return "id:" + Long.toUnsignedString(id);
  }

  /** The control groups of a snapshot by their names, each pair of protocol and path once. */
  public List<NamedOwner> of(Snapshot snapshot) {
    List<NamedOwner> named = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (OwnerUsage owner : snapshot.owners()) {
      Protocol protocol = owner.protocol();
      String path = path(owner.controlGroup());
      ControlGroup group = controlGroups.get(owner.controlGroup());
      if (group == null || !seen.add(List.of(protocol.label(), path))) {
        // Where a group was made again under the path of another that has gone, its number tells.
        String label = group == null ? path : number(owner.controlGroup());
        group = new ControlGroup(label, "", "", "");
      }
      named.add(new NamedOwner(protocol, group, owner.ports()));
    }
    return named;
  }

  /** What a control group is called: its path, or a word or number without a slash. */
  public String path(long id) {
    ControlGroup group = controlGroups.get(id);
    return id == 0 ? OWNERLESS : group == null ? number(id) : group.path();
  }

  /** The same for the judges. */
  Owners owners() {
    return new Owners(processes, controlGroups, Map.of());
  }

  /** A control group by its id, or null. */
  public @Nullable ControlGroup controlGroup(long id) {
    return controlGroups.get(id);
  }

  /** The process that holds a socket by its inode number, or null. */
  public @Nullable OwningProcess process(long inode) {
    return processes.get(inode);
  }
}
