package io.github.portpool.advice;

import io.github.portpool.host.Conntrack;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.HostPart;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A look at the settings and sockets of one network namespace, in two passes. */
public final class Examination {
  private static final int TOP = 10;
  private static final HostPart THIS_NAMESPACE_ALONE =
      new NoNamespaces(
          "this network namespace alone was looked at: run it in another with nsenter --net", 0);

  private Examination() {}

  /**
   * Looks, and says what is wrong. Changes nothing.
   *
   * @param namedListeners the ports of TCP listeners that their programs named
   * @param reserved all reserved ports, inside the ephemeral range or not
   * @param kubernetes what shows that this is a node of Kubernetes, or empty
   * @throws SourceException when the sockets could not be read
   */
  public static Diagnosis diagnose(
      SocketSource sockets,
      OwnerSource owners,
      ConntrackSource conntrack,
      PortSet namedListeners,
      PortSet reserved,
      String kubernetes)
      throws SourceException {
    Instant time = Instant.now();
    SocketTable table = new SocketTable();
    sockets.read(table);
    SocketHolders holders = new SocketHolders(table);
    sockets.read(holders);
    Map<Feature, String> unavailable =
        HostPart.unavailable(THIS_NAMESPACE_ALONE, conntrack, owners, sockets);
    Optional<Conntrack> tracking = Optional.empty();
    try {
      tracking = conntrack.read();
    } catch (SourceException e) {
      unavailable.put(Feature.CONNTRACK, e.message());
    }
    List<PoolListener> listeners = PoolListeners.of(table);
    return Doctor.judge(
        new HostFacts(
            time,
            table.range(),
            reserved,
            table.settings(),
            PoolUsages.of(table, Protocol.TCP, new TopDestinations(TOP)),
            PoolUsages.of(table, Protocol.UDP, new TopDestinations(0)),
            namedListeners.plus(table.of(Protocol.UDP).listeningPorts()),
            listeners,
            table.listeners().untracked(),
            holders.holders(),
            holders.untracked(),
            holders.mostTimeWait(),
            names(owners, listeners, holders.holders()),
            tracking.orElse(null),
            kubernetes,
            Map.copyOf(unavailable)));
  }

  private static Owners names(
      OwnerSource source, List<PoolListener> listeners, List<SocketHolder> holders) {
    Map<Long, Integer> sockets = new HashMap<>();
    Set<Long> groups = new HashSet<>();
    Map<Integer, String> users = new HashMap<>();
    for (PoolListener listener : listeners) {
      sockets.put(listener.inode(), listener.uid());
      groups.add(listener.controlGroup());
      users.computeIfAbsent(listener.uid(), source::user);
    }
    for (SocketHolder holder : holders) {
      holder.inodes().forEach(inode -> sockets.put(inode, holder.uid()));
      groups.add(holder.controlGroup());
      users.computeIfAbsent(holder.uid(), source::user);
    }
    sockets.remove(0L);
    groups.remove(0L);
    Map<Long, ControlGroup> named = new HashMap<>();
    groups.forEach(id -> source.controlGroup(id).ifPresent(group -> named.put(id, group)));
    return new Owners(source.processes(sockets), named, users);
  }
}
