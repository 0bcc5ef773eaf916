package io.github.portpool.sample;

import io.github.portpool.host.Conntrack;
import io.github.portpool.pool.NatUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.DestinationTable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Reads the connection tracking table of one network namespace again and again. For one thread. */
final class ConntrackWatch {
  private final ConntrackSource source;
  private final SampleErrors errors;
  private Optional<Conntrack> last = Optional.empty();
  private Map<Protocol, Integer> natWorstUsed = Map.of();
  private String trouble = "";
  private boolean dumped;
  private long dumpedNanos;

  ConntrackWatch(ConntrackSource source, SampleErrors errors) {
    this.source = source;
    this.errors = errors;
  }

  /** Reads how full it is; what was read before stays when that fails. */
  void read() {
    try {
      last = source.read();
    } catch (SourceException e) {
      errors.count(e.reason());
    }
  }

  /** Whether dumps were asked for. */
  boolean dumps() {
    return source.dumps();
  }

  /** Whether it is known to hold nothing. */
  boolean isEmpty() {
    return last.filter(table -> table.entries() == 0).isPresent();
  }

  /** How long ago it was dumped, or for ever. */
  long nanosSinceDump() {
    return dumped ? System.nanoTime() - dumpedNanos : Long.MAX_VALUE;
  }

  /** Looks for the worst NAT group by way of a table that anyone may use afterwards. */
  void dump(DestinationTable groups) {
    dumped = true;
    dumpedNanos = System.nanoTime();
    try {
      source.translated(groups);
      worst(protocol -> NatUsage.worst(groups, protocol));
    } catch (SourceException e) {
      errors.count(e.reason());
      trouble = e.message();
      natWorstUsed = Map.of();
    }
  }

  /** A table without entries needs no dump. */
  void skipDump() {
    worst(protocol -> 0);
  }

  private void worst(ToIntFunction<Protocol> ports) {
    Map<Protocol, Integer> worst = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      worst.put(protocol, ports.applyAsInt(protocol));
    }
    natWorstUsed = Collections.unmodifiableMap(worst);
    trouble = "";
  }

  /** Why there is no worst NAT group, or empty. */
  String trouble() {
    return trouble;
  }

  /** What is known, or null before anything is, and of no table. */
  @Nullable ConntrackUsage usage() {
    return last.map(table -> new ConntrackUsage(table, natWorstUsed)).orElse(null);
  }

  void close() {
    source.close();
  }
}
