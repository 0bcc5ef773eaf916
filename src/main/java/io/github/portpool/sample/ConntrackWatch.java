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
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Reads the connection tracking table of one network namespace again and again. For one thread. */
final class ConntrackWatch {
  private final ConntrackSource source;
  private final SampleErrors errors;
  private @Nullable Conntrack last;
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

  /** Whether it is known to hold nothing. */
  boolean isEmpty() {
    return last != null && last.entries() == 0;
  }

  /** How long ago it was dumped, or for ever. */
  long nanosSinceDump() {
    return dumped ? System.nanoTime() - dumpedNanos : Long.MAX_VALUE;
  }

  /** Looks for the fullest NAT group by way of a table that anyone may use afterwards. */
  void dump(DestinationTable groups) {
    dumped = true;
    dumpedNanos = System.nanoTime();
    try {
      source.translated(groups);
      fullest(protocol -> NatUsage.fullest(groups, protocol));
    } catch (SourceException e) {
      errors.count(e.reason());
      trouble = e.sentence();
      natWorstUsed = Map.of();
    }
  }

  /** A table without entries needs no dump. */
  void skipDump() {
    fullest(protocol -> 0);
  }

  private void fullest(ToIntFunction<Protocol> ports) {
    Map<Protocol, Integer> fullest = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      fullest.put(protocol, ports.applyAsInt(protocol));
    }
    natWorstUsed = Collections.unmodifiableMap(fullest);
    trouble = "";
  }

  /** Why there is no fullest NAT group, or empty. */
  String trouble() {
    return trouble;
  }

  /** What is known, or null before anything is. */
  @Nullable ConntrackUsage usage() {
    return last == null ? null : new ConntrackUsage(last, natWorstUsed);
  }

  void close() {
    source.close();
  }
}
