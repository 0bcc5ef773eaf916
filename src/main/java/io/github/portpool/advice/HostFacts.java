package io.github.portpool.advice;

import io.github.portpool.advice.ListenerWatch.RandomPorts;
import io.github.portpool.advice.SocketHolders.TimeWaitPorts;
import io.github.portpool.host.Conntrack;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortHolder;
import io.github.portpool.table.PortSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the rules judge: the settings and sockets of one network namespace.
 *
 * @param time when the sockets were read
 * @param range the ephemeral range
 * @param reserved all reserved ports, inside the ephemeral range or not
 * @param settings the settings of TIME_WAIT
 * @param tcp TCP's pool, with the worst destinations
 * @param udp UDP's pool
 * @param failures the connect() calls that failed while the doctor looked
 * @param limits what the kernel allows of fixes
 * @param namedPorts the ports that listeners of TCP or UDP named in {@code bind()}, inside the live
 *     range or not; the others chose none and get another one after a restart; those that come and
 *     go are not in it
 * @param others the other network namespaces, as far as they are judged too
 * @param listeners the listeners inside the ephemeral range
 * @param untrackedListeners how many more there are
 * @param randomPorts who takes ports at random for a short time
 * @param portHolders who holds the pool's ports, the most first
 * @param holders who has connections
 * @param untrackedConnections connections of those that did not fit
 * @param timeWait the destination whose TIME_WAIT sockets hold the most ports, null without any
 * @param flow how fast connections to that one are closed, null without any
 * @param owners the names of all these
 * @param conntrack the connection tracking table, null where it is not read
 * @param kubernetes what shows that this is a node of Kubernetes, or empty
 * @param unavailable what could not be seen, each with one sentence that names the cure
 */
record HostFacts(
    Instant time,
    EphemeralPorts range,
    PortSet reserved,
    TcpSettings settings,
    PoolUsage tcp,
    PoolUsage udp,
    RecentFailures failures,
    KernelLimits limits,
    PortSet namedPorts,
    List<Place> others,
    List<PoolListener> listeners,
    int untrackedListeners,
    List<RandomPorts> randomPorts,
    List<PortHolder> portHolders,
    List<SocketHolder> holders,
    int untrackedConnections,
    @Nullable TimeWaitPorts timeWait,
    @Nullable Flow flow,
    Owners owners,
    @Nullable Conntrack conntrack,
    String kubernetes,
    Map<Feature, String> unavailable) {
  private static final int MOST_HOLDERS = 3;

  /** How close the pools of this namespace are to their end. */
  Judgement judgement() {
    return own().judgement(Thresholds.USUAL);
  }

  private Place own() {
    return new Place(
        NamespaceSource.HOST,
        false,
        time,
        tcp,
        udp,
        settings,
        portHolders,
        failures,
        Optional.empty());
  }

  /** The worst of all namespaces. */
  Verdict verdict() {
    return Verdict.of(
        Stream.concat(Stream.of(own()), others.stream()).toList(), Thresholds.USUAL, owners);
  }

  /** The range and the reserved ports as they should be. */
  PortPlan plan() {
    return PortPlan.of(this);
  }

  /** Who holds the most sockets of a protocol, as weighed, a line each. */
  List<String> holderLines(Protocol protocol, ToIntFunction<PortHolder> weight) {
    return portHolders.stream()
        .filter(holder -> holder.protocol() == protocol && weight.applyAsInt(holder) > 0)
        .sorted(Comparator.comparingInt(weight).reversed())
        .limit(MOST_HOLDERS)
        .map(owners::line)
        .toList();
  }
}
