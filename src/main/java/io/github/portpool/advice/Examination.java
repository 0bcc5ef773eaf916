package io.github.portpool.advice;

import io.github.portpool.host.Conntrack;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.pool.PoolMaths;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A look at the settings and sockets of one network namespace, in two passes. */
public final class Examination {
  private static final int MAX_DESTINATIONS = 65_536;
  private static final int TOP = 10;
  private static final int MOST_LISTENERS = 1000;

  private final SocketTable table = new SocketTable(MAX_DESTINATIONS);
  private final SocketHolders holders = new SocketHolders(table);

  private Examination() {}

  /**
   * Looks, and says what is wrong. Changes nothing.
   *
   * @param namedListeners the ports of TCP listeners that their programs named
   * @param reserved all reserved ports, inside the live range or not
   * @param conntrack the connection tracking table, null where it is not read
   * @param kubernetes what shows that this is a node of Kubernetes, or empty
   * @param unavailable what cannot be seen besides what the sources say
   * @throws SourceException when the sockets could not be read
   */
  public static Diagnosis diagnose(
      SocketSource sockets,
      OwnerSource owners,
      PortSet namedListeners,
      PortSet reserved,
      @Nullable Conntrack conntrack,
      String kubernetes,
      Map<Feature, String> unavailable)
      throws SourceException {
    Instant time = Instant.now();
    Examination examination = new Examination();
    sockets.read(examination.table);
    sockets.read(examination.holders);
    Map<Feature, String> all = new HashMap<>(unavailable);
    all.putAll(sockets.unavailable());
    all.putAll(owners.unavailable());
    return Doctor.judge(
        examination.facts(
            time, owners, namedListeners, reserved, conntrack, kubernetes, Map.copyOf(all)));
  }

  private HostFacts facts(
      Instant time,
      OwnerSource owners,
      PortSet namedListeners,
      PortSet reserved,
      @Nullable Conntrack conntrack,
      String kubernetes,
      Map<Feature, String> unavailable) {
    List<PoolListener> all = PoolListeners.of(table);
    List<PoolListener> listeners = all.subList(0, Math.min(MOST_LISTENERS, all.size()));
    return new HostFacts(
        time,
        table.range(),
        reserved,
        table.settings(),
        PoolMaths.usage(table, Protocol.TCP, new TopDestinations(TOP)),
        PoolMaths.usage(table, Protocol.UDP, new TopDestinations(0)),
        namedListeners.plus(table.of(Protocol.UDP).listeningPorts()),
        listeners,
        table.listeners().untracked() + all.size() - listeners.size(),
        holders.holders(),
        holders.untracked(),
        holders.mostTimeWait(),
        names(owners, listeners),
        conntrack,
        kubernetes,
        unavailable);
  }

  private Owners names(OwnerSource source, List<PoolListener> listeners) {
    Map<Long, Integer> sockets = new HashMap<>();
    Set<Long> groups = new HashSet<>();
    Map<Integer, String> users = new HashMap<>();
    for (PoolListener listener : listeners) {
      sockets.put(listener.inode(), listener.uid());
      groups.add(listener.controlGroup());
      users.computeIfAbsent(listener.uid(), source::user);
    }
    for (SocketHolder holder : holders.holders()) {
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
