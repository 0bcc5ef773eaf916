package io.github.portpool.advice;

import io.github.portpool.advice.ListenerWatch.RandomPorts;
import io.github.portpool.advice.SocketHolders.TimeWaitPorts;
import io.github.portpool.host.Conntrack;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.BothSinks;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.HostPart;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortHolder;
import io.github.portpool.table.PortHolders;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A look at the settings and sockets of one network namespace, in a few passes. */
public final class Examination {
  private static final int TOP = 10;
  private static final int MOST_NAMED = 100;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Queries of a resolver live for a few seconds. */
  private static final long RESTLESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Examination() {}

  /**
   * What is looked at.
   *
   * @param namespaces the other network namespaces that are judged too
   * @param failures counts from now on
   * @param namedListeners the ports of TCP listeners that their programs named
   * @param reserved all reserved ports, inside the ephemeral range or not
   * @param netns the inode number of the network namespace
   * @param kubernetes what shows that this is a node of Kubernetes, or empty
   */
  public record Sight(
      SocketSource sockets,
      NamespaceSource namespaces,
      OwnerSource owners,
      ConntrackSource conntrack,
      FailureSource failures,
      PortSet namedListeners,
      PortSet reserved,
      KernelLimits limits,
      long netns,
      String kubernetes) {}

  /**
   * Looks for some seconds, and says what is wrong. Changes nothing.
   *
   * @throws SourceException when the sockets could not be read
   */
  public static Diagnosis diagnose(Sight sight) throws SourceException {
    Instant time = Instant.now();
    FailureLook look = new FailureLook(sight.failures());
    SocketTable table = new SocketTable();
    ListenerWatch listening = new ListenerWatch(table.range());
    sight.sockets().read(new BothSinks(table, listening));
    listening.passed();
    Set<Feature> unseen = sight.sockets().unavailable().keySet();
    TopDestinations worst = new TopDestinations(TOP);
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, unseen, worst);
    SocketHolders holders = new SocketHolders(table);
    PortHolders portHolders = new PortHolders();
    portHolders.watch(worst.chosen());
    sight.sockets().read(new BothSinks(holders, portHolders));
    watch(sight.sockets(), listening);
    Map<Feature, String> unavailable =
        HostPart.unavailable(
            sight.namespaces(),
            sight.conntrack(),
            sight.owners(),
            sight.sockets(),
            sight.failures());
    Optional<Conntrack> tracking = Optional.empty();
    try {
      tracking = sight.conntrack().read();
    } catch (SourceException e) {
      unavailable.put(Feature.CONNTRACK, e.message());
    }
    look.end();
    Survey survey = new Survey(Thresholds.USUAL);
    List<Place> others = look.with(survey.others(sight.namespaces()), sight.namespaces());
    if (!survey.missing().isEmpty()) {
      unavailable.put(Feature.NAMESPACES, survey.missing());
    }
    List<PoolListener> listeners = PoolListeners.of(table);
    return Doctor.judge(
        new HostFacts(
            time,
            table.range(),
            sight.reserved(),
            table.settings(),
            tcp,
            PoolUsages.of(table, Protocol.UDP, unseen, new TopDestinations(0)),
            look.own(sight.netns(), sight.limits().firstNamespace()),
            sight.limits(),
            sight
                .namedListeners()
                .minus(listening.passing(Protocol.TCP))
                .plus(
                    table.of(Protocol.UDP).listeningPorts().minus(listening.passing(Protocol.UDP))),
            others,
            listeners,
            table.listeners().untracked(),
            listening.random(),
            portHolders.holders(),
            holders.holders(),
            holders.untracked(),
            holders.mostTimeWait(),
            flow(table, holders.mostTimeWait(), unseen),
            names(
                sight.owners(),
                listeners,
                holders.holders(),
                Stream.concat(
                        portHolders.holders().stream().limit(MOST_NAMED),
                        others.stream().flatMap(place -> place.holders().stream().limit(TOP)))
                    .toList(),
                listening),
            tracking.orElse(null),
            sight.kubernetes(),
            Map.copyOf(unavailable)));
  }

  private static @Nullable Flow flow(
      SocketTable table, @Nullable TimeWaitPorts most, Set<Feature> unseen) {
    return most == null ? null : PoolUsages.flow(table, most.destination(), unseen);
  }

  /** A few looks more, where there is anything that may come and go. */
  private static void watch(SocketSource sockets, ListenerWatch listening) throws SourceException {
    long begun = System.nanoTime();
    long end = begun + (listening.isNeeded() ? CALM_NANOS : 0);
    while (System.nanoTime() < end) {
      FailureLook.rest(PAUSE_NANOS);
      sockets.read(listening);
      listening.passed();
      end = begun + (listening.isRestless() ? RESTLESS_NANOS : CALM_NANOS);
    }
  }

  private static Owners names(
      OwnerSource source,
      List<PoolListener> listeners,
      List<SocketHolder> holders,
      List<PortHolder> portHolders,
      ListenerWatch listening) {
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
    for (PortHolder holder : portHolders) {
      holder.inodes().forEach(inode -> sockets.put(inode, holder.uid()));
      groups.add(holder.controlGroup());
      users.computeIfAbsent(holder.uid(), source::user);
    }
    for (RandomPorts random : listening.random()) {
      int uid = random.owner().uid();
      random.inodes().forEach(inode -> sockets.put(inode, uid));
      groups.add(random.owner().controlGroup());
      users.computeIfAbsent(uid, source::user);
    }
    sockets.remove(0L);
    groups.remove(0L);
    Map<Long, ControlGroup> named = new HashMap<>();
    groups.forEach(id -> source.controlGroup(id).ifPresent(group -> named.put(id, group)));
    return new Owners(source.processes(sockets), named, users);
  }
}
