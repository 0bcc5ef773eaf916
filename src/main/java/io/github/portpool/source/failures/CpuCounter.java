package io.github.portpool.source.failures;

import io.github.portpool.linux.PerfEvent;
import io.github.portpool.linux.PerfRing;
import io.github.portpool.linux.PerfWatch;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.linux.netlink.InetDiag;

/**
 * The connect() calls that failed for lack of a port on one CPU: an event for each family, which
 * count exactly, and one ring for the records of both.
 */
final class CpuCounter implements AutoCloseable {
  /** About 150 records: at 50 ms between two looks, 3,000 failures a second. */
  static final int RING_BYTES = 16 * 1024;

  /** How far two clocks may be apart, and how coarse the kernel's may be. */
  private static final long CLOCK_ERROR_NANOS = 100_000_000;

  private final PerfEvent ipv4;
  private final PerfEvent ipv6;
  private final PerfRing ring;
  private long ipv4Count;
  private long ipv6Count;
  private long enabledNanos;
  private long readNanos = System.nanoTime();
  private boolean stopped;

  private CpuCounter(PerfEvent ipv4, PerfEvent ipv6) throws SystemCallException {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    ring = ipv4.ring(RING_BYTES);
    ipv6.recordTo(ipv4);
  }

  /** Begins to count on a CPU. */
  static CpuCounter open(StateChange tracepoint, int cpu, PerfWatch watch)
      throws SystemCallException {
    PerfEvent ipv4 = new PerfEvent(tracepoint.id(), cpu, StateChange.filter(InetDiag.AF_INET));
    try {
      PerfEvent ipv6 = new PerfEvent(tracepoint.id(), cpu, StateChange.filter(InetDiag.AF_INET6));
      try {
        CpuCounter counter = new CpuCounter(ipv4, ipv6);
        watch.add(ipv4);
        ipv4.enable();
        ipv6.enable();
        return counter;
      } catch (SystemCallException e) {
        ipv6.close();
        throw e;
      }
    } catch (SystemCallException e) {
      ipv4.close();
      throw e;
    }
  }

  /** Reads the counts. */
  void read() throws SystemCallException {
    long elapsed = System.nanoTime() - readNanos;
    PerfEvent.Reading reading = ipv4.read();
    ipv4Count = reading.count();
    ipv6Count = ipv6.read().count();
    readNanos = System.nanoTime();
    long missed = elapsed - (reading.enabledNanos() - enabledNanos);
    stopped = missed > CLOCK_ERROR_NANOS + elapsed / 100;
    enabledNanos = reading.enabledNanos();
  }

  /** Those of AF_INET sockets, at the last reading. */
  long ipv4() {
    return ipv4Count;
  }

  /** Those of AF_INET6 sockets, at the last reading. */
  long ipv6() {
    return ipv6Count;
  }

  /**
   * Whether the CPU has been offline, for the event has not been enabled all the time: nothing
   * counts here any more, even if the CPU has come back.
   */
  boolean hasStopped() {
    return stopped;
  }

  /** Whether the records tell the control group. */
  boolean reportsControlGroup() {
    return ipv4.reportsControlGroup();
  }

  /** The records that have not been taken yet. */
  PerfRing ring() {
    return ring;
  }

  @Override
  public void close() {
    ipv6.close();
    ipv4.close();
  }
}
