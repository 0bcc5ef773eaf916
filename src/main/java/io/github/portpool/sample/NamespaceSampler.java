package io.github.portpool.sample;

import io.github.portpool.pool.Peak;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.pool.TopOwners;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortHolder;
import io.github.portpool.table.PortHolders;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketTable;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Samples one network namespace and remembers of it what the next sample needs. For one thread.
 *
 * <p>A failing sample leaves the last good snapshot in place, is counted, and is logged once per
 * change of the error.
 */
final class NamespaceSampler {
  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
  private static final long PEAK_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A way to the sockets that may fail. */
  @FunctionalInterface
  interface Read {
    /** Reads all of them, and says what cannot be seen of them. */
    Map<Feature, String> into(SocketTable table) throws SourceException;
  }

  /** What is remembered of a protocol from one sample to the next. */
  private record Memory(TopDestinations top, TopOwners owners, Peak worstUsed) {}

  private final String netns;
  private final Bounds bounds;
  private final SampleErrors errors;
  private final Map<Protocol, Memory> memories = new EnumMap<>(Protocol.class);
  private final TopDestinations tcpDestinations;
  private final ListenerAges ages = new ListenerAges();
  private String loggedFailure = "";
  private String message = "no sample yet";
  private long durationNanos;
  private @Nullable Snapshot lastGood;
  private List<PortHolder> holders = List.of();
  private Optional<List<Destination>> watched = Optional.empty();
  private boolean lookedAgain;
  private long lookedAgainNanos;

  NamespaceSampler(String netns, Bounds bounds, SampleErrors errors) {
    this.netns = netns;
    this.bounds = bounds;
    this.errors = errors;
    this.tcpDestinations = new TopDestinations(bounds.destinations());
    for (Protocol protocol : Protocol.values()) {
      memories.put(
          protocol,
          new Memory(
              protocol == Protocol.TCP
                  ? tcpDestinations
                  : new TopDestinations(bounds.destinations()),
              new TopOwners(bounds.owners()),
              new Peak(PEAK_NANOS)));
    }
  }

  /** Takes one sample now, by way of a table that anyone may use afterwards. */
  void sample(Read read, SocketTable table) {
    long start = System.nanoTime();
    String failure = "";
    try {
      lastGood = look(read, table);
    } catch (SourceException e) {
      errors.count(e.reason());
      failure = e.message();
    } catch (RuntimeException | Error e) {
      errors.count(Reason.INTERNAL);
      failure = "the agent failed, please report it: " + e;
    }
    message = failure;
    durationNanos = System.nanoTime() - start;
  }

  /** A sample that also tells who holds the ports, where a pool is past one half. */
  private Snapshot look(Read read, SocketTable table) throws SourceException {
    watch(table.holders());
    Snapshot snapshot = read(read, table);
    boolean tight = bounds.names() && isTight(snapshot);
    List<Destination> worst = tcpDestinations.chosen();
    boolean known =
        watched.isPresent() && (worst.isEmpty() || watched.get().contains(worst.getFirst()));
    watched = tight ? Optional.of(worst) : Optional.empty();
    long nanos = System.nanoTime();
    if (tight && !known && (!lookedAgain || nanos - lookedAgainNanos > PEAK_NANOS)) {
      // Who it is shall be said at once; a worst one that changes each time must not double the
      // cost.
      lookedAgain = true;
      lookedAgainNanos = nanos;
      watch(table.holders());
      snapshot = read(read, table);
    }
    holders = table.holders().holders();
    return snapshot;
  }

  private void watch(PortHolders counters) {
    watched.ifPresentOrElse(counters::watch, counters::rest);
  }

  private static boolean isTight(Snapshot snapshot) {
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    return tcp.worst().slow()
        || tcp.bindFree() < tcp.used()
        || snapshot.pool(Protocol.UDP).worst().slow();
  }

  /** What a source could not see in its last pass; what it had to work around is counted. */
  Map<Feature, String> unseen(SocketSource source) {
    source.setback().ifPresent(setback -> errors.count(setback.reason()));
    return source.unavailable();
  }

  /** Takes one sample now, or throws what failed. */
  Snapshot read(Read read, SocketTable table) throws SourceException {
    Instant time = Instant.now();
    long nanos = System.nanoTime();
    Map<Feature, String> unavailable = read.into(table);
    Map<Protocol, PoolUsage> pools = new EnumMap<>(Protocol.class);
    Map<Protocol, Integer> worstUsedPeaks = new EnumMap<>(Protocol.class);
    List<OwnerUsage> owners = new ArrayList<>();
    memories.forEach((protocol, memory) -> {
      owners.addAll(memory.owners().choose(table.owners(), protocol));
      PoolUsage pool = PoolUsages.of(table, protocol, unavailable.keySet(), memory.top());
      pools.put(protocol, pool);
      worstUsedPeaks.put(protocol, memory.worstUsed().add(nanos, pool.worst().used()));
    });
    List<PoolListener> listeners = ages.age(PoolListeners.of(table), nanos);
    int named = Math.min(bounds.listeners(), listeners.size());
    return new Snapshot(
        time,
        netns,
        table.range().summary(),
        table.settings(),
        Collections.unmodifiableMap(pools),
        Collections.unmodifiableMap(worstUsedPeaks),
        List.copyOf(owners),
        table.owners().untracked(),
        listeners.subList(0, named),
        table.listeners().untracked() + listeners.size() - named,
        table.destinations().untracked(),
        table.sockets(),
        unavailable);
  }

  /** What a sample of no sockets would come to: which figures there will be, not their values. */
  NamespaceReport blank() {
    Read nothing =
        table -> {
          table.begin(new EphemeralPorts(0, 0, new PortSet()), new TcpSettings(0, 0, 0, 0, 0));
          return Map.of();
        };
    NamespaceSampler blank = new NamespaceSampler(netns, bounds, errors);
    blank.sample(nothing, new SocketTable(1));
    return blank.report(null, NamespaceReport.UNKNOWN);
  }

  /** The last good snapshot, null before the first. */
  @Nullable Snapshot lastGood() {
    return lastGood;
  }

  /** What came of the last attempt. */
  NamespaceReport report(@Nullable ConntrackUsage conntrack, long sockets) {
    return new NamespaceReport(
        netns,
        lastGood,
        true,
        message.isEmpty(),
        message,
        durationNanos / 1e9,
        conntrack,
        holders,
        sockets);
  }

  /** Logs what came of the last attempt if it differs from the one before. */
  void logChange() {
    // A message that names another number each time is still the same.
    String failure = message.replaceAll("\\d+", "");
    if (!failure.equals(loggedFailure)) {
      String where = netns.equals(NamespaceSource.HOST) ? "" : " of netns " + netns;
      LOG.log(
          message.isEmpty() ? Level.INFO : Level.WARNING,
          message.isEmpty()
              ? "sampling" + where + " works again"
              : "no sample" + where + ": " + message);
      loggedFailure = failure;
    }
  }
}
