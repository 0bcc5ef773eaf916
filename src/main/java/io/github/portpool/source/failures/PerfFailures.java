package io.github.portpool.source.failures;

import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.Trouble;
import io.github.portpool.linux.PerfWatch;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.linux.Tracefs;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts connect() calls that failed for lack of a port on the whole host by the tracepoint
 * sock:inet_sock_set_state and perf_event_open(2).
 *
 * <p>The counts are the kernel's own and exact, whatever becomes of the records that say who it
 * was. Those are read by a thread of its own that sleeps while nothing fails and looks at most 20
 * times a second while something does, with at most a hundredth of a core, so that most processes
 * are still there to be named. While calls fail, the culprits may be some failures ahead of the
 * counts.
 *
 * <p>It takes CAP_PERFMON; CAP_DAC_READ_SEARCH once, in {@link #open}, unless root; and
 * CAP_SYS_PTRACE to see the network namespace of other users' processes. Processes are named where
 * the agent is in the host's PID namespace. For each CPU it takes two file descriptors and 20 KB of
 * memory that the kernel locks (a page more than the ring), and four file descriptors besides.
 */
public final class PerfFailures implements FailureSource {
  private static final System.Logger LOG = System.getLogger(PerfFailures.class.getName());
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private static final long NAP_MILLIS = 50;

  /** The CPU time that looking after culprits may take, of one core. */
  private static final double CORES = 0.01;

  private final OnlineCpus online;
  private final PerfWatch watch;
  private final CpuCounters counters;
  private final CulpritTable culprits;
  private final FailureRecords records;
  private final Thread watcher;
  private byte[] block = new byte[CpuCounter.RING_BYTES];
  private long lost;
  private boolean closed;

  private PerfFailures(
      StateChange tracepoint, OnlineCpus online, PerfWatch watch, int mostCulprits) {
    culprits = new CulpritTable(mostCulprits, System::nanoTime);
    this.online = online;
    this.watch = watch;
    records = new FailureRecords(tracepoint, culprits);
    counters = new CpuCounters(tracepoint, watch, this::drain);
    watcher = Thread.ofPlatform().name("connect-failures").daemon().unstarted(this::watch);
  }

  /**
   * Begins to count.
   *
   * @param mostCulprits how many of those whose connect() fails are told apart
   * @throws SourceException when this kernel cannot, or the agent may not
   */
  public static PerfFailures open(int mostCulprits) throws SourceException {
    return open(mostCulprits, Tracefs.USUAL);
  }

  /** The same with tracefs somewhere else. */
  static PerfFailures open(int mostCulprits, List<Path> tracefs) throws SourceException {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new SourceException(
          Reason.SOCKET, "connect() calls that fail for lack of a port are counted on Linux only");
    }
    StateChange tracepoint = StateChange.find(tracefs);
    OnlineCpus online = new OnlineCpus();
    PerfFailures failures;
    try {
      failures = new PerfFailures(tracepoint, online, new PerfWatch(), mostCulprits);
    } catch (SystemCallException e) {
      online.close();
      throw new SourceException(
          Reason.SOCKET,
          "connect() calls that fail for lack of a port are not counted ("
              + Trouble.reason(e)
              + "): raise the limit of open files",
          e);
    }
    failures.watcher.start();
    try {
      failures.read();
      return failures;
    } catch (SourceException e) {
      failures.close();
      throw e;
    }
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.of();
  }

  @Override
  public synchronized Optional<ConnectFailures> read() throws SourceException {
    counters.read(online.read());
    counters.drain();
    long ipv4 = counters.ipv4();
    long ipv6 = counters.ipv6();
    // Records may have come in since the counts were read: then fewer seem to be lost than are.
    lost = Math.max(lost, ipv4 + ipv6 - culprits.failures());
    return Optional.of(
        new ConnectFailures(ipv4, ipv6, lost, culprits.untracked(), culprits.culprits()));
  }

  /** What the thread does. */
  private void watch() {
    try {
      while (watch.await()) {
        long start = CPU.getCurrentThreadCpuTime();
        drain();
        long cpuNanos = CPU.getCurrentThreadCpuTime() - start;
        Thread.sleep(Math.max(NAP_MILLIS, (long) (cpuNanos / CORES / 1e6)));
      }
    } catch (SystemCallException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "connect() calls that fail for lack of a port are still counted, without their processes: {0}",
          Trouble.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void drain() {
    counters.drain();
  }

  private void drain(CpuCounter counter) {
    if (block.length < counter.ring().bytes()) {
      block = new byte[counter.ring().bytes()]; // pages of 64 KB
    }
    int length = counter.ring().take(block);
    if (length > 0) {
      records.read(block, length, counter.reportsControlGroup());
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      counters.close();
      online.close();
    }
    watch.end();
    try {
      watcher.join();
      watch.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
