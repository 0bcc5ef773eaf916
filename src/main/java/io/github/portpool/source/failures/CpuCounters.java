package io.github.portpool.source.failures;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.Errno;
import io.github.portpool.linux.PerfWatch;
import io.github.portpool.linux.Rights;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The connect() calls that failed for lack of a port on all CPUs, those that are offline by now
 * too; the counts never fall. For one thread at a time.
 */
final class CpuCounters implements AutoCloseable {
  private final Map<Integer, CpuCounter> counters = new TreeMap<>();
  private final StateChange tracepoint;
  private final PerfWatch watch;
  private final Consumer<CpuCounter> drain;
  private long goneIpv4;
  private long goneIpv6;

  /**
   * Counts on no CPU yet.
   *
   * @param watch what is told of rings
   * @param drain what empties a ring, at the latest before it is gone
   */
  CpuCounters(StateChange tracepoint, PerfWatch watch, Consumer<CpuCounter> drain) {
    this.tracepoint = tracepoint;
    this.watch = watch;
    this.drain = drain;
  }

  /**
   * Reads the counts, and begins to count on CPUs that are new.
   *
   * @param online the CPUs that are online
   */
  void read(BitSet online) throws SourceException {
    try {
      for (CpuCounter counter : counters.values()) {
        counter.read();
      }
    } catch (SystemCallException e) {
      throw new SourceException(
          Reason.REFUSED, "cannot read a perf event (" + Trouble.reason(e) + "): report it", e);
    }
    Iterator<Map.Entry<Integer, CpuCounter>> each = counters.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Integer, CpuCounter> counted = each.next();
      if (counted.getValue().hasStopped() || !online.get(counted.getKey())) {
        each.remove();
        retire(counted.getValue());
      }
    }
    for (int cpu = online.nextSetBit(0); cpu >= 0; cpu = online.nextSetBit(cpu + 1)) {
      if (!counters.containsKey(cpu)) {
        begin(cpu);
      }
    }
  }

  private void retire(CpuCounter counter) {
    try (counter) {
      drain.accept(counter);
      goneIpv4 += counter.ipv4();
      goneIpv6 += counter.ipv6();
    }
  }

  private void begin(int cpu) throws SourceException {
    try {
      counters.put(cpu, CpuCounter.open(tracepoint, cpu, watch));
    } catch (SystemCallException e) {
      if (!Errno.ENODEV.is(e.errno())) { // it has gone offline meanwhile
        throw new SourceException(
            Reason.SOCKET,
            "connect() calls that fail for lack of a port are not counted ("
                + Trouble.reason(e)
                + "): "
                + PerfCure.of(e.errno(), Rights.current(), PerfCure.paranoia()),
            e);
      }
    }
  }

  /** Empties all rings. */
  void drain() {
    counters.values().forEach(drain);
  }

  /** Those of AF_INET sockets, at the last reading. */
  long ipv4() {
    return goneIpv4 + counters.values().stream().mapToLong(CpuCounter::ipv4).sum();
  }

  /** Those of AF_INET6 sockets, at the last reading. */
  long ipv6() {
    return goneIpv6 + counters.values().stream().mapToLong(CpuCounter::ipv6).sum();
  }

  @Override
  public void close() {
    counters.values().forEach(CpuCounter::close);
    counters.clear();
  }
}
