package io.github.portpool.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tracepoint of the kernel on one CPU, in all processes, that is counted and of which each hit is
 * recorded: perf_event_open(2).
 *
 * <p>It counts hits that pass its filter, exactly, whether there is room to record them or not: the
 * kernel adds to the count before it looks at the ring ({@code perf_swevent_event}, {@code
 * kernel/events/core.c}), and throttles no event with a period of one. It starts disabled. For one
 * thread at a time.
 */
public final class PerfEvent implements AutoCloseable {
  /**
   * What a read gives.
   *
   * @param count the hits so far
   * @param enabledNanos for how long the event was enabled on its CPU; it stands still once the CPU
   *     has gone offline, and the event does not come back with the CPU
   */
  public record Reading(long count, long enabledNanos) {}

  // include/uapi/linux/perf_event.h
  private static final int PERF_TYPE_TRACEPOINT = 2;
  private static final int ATTRIBUTE_BYTES = 64; // PERF_ATTR_SIZE_VER0
  private static final long PERF_SAMPLE_TID = 1 << 1;
  private static final long PERF_SAMPLE_RAW = 1 << 10;
  private static final long PERF_SAMPLE_CGROUP = 1 << 21;
  private static final long PERF_FORMAT_TOTAL_TIME_ENABLED = 1;
  private static final long DISABLED = 1; // the first bit of the flags
  private static final long ALL_PROCESSES = -1;
  private static final long NO_GROUP = -1;
  private static final long PERF_FLAG_FD_CLOEXEC = 8;
  private static final long PERF_EVENT_IOC_ENABLE = 0x2400;
  private static final long PERF_EVENT_IOC_SET_OUTPUT = 0x2405;
  private static final long PERF_EVENT_IOC_SET_FILTER = 0x40082406;

  private static final int PROT_READ_WRITE = 3; // include/uapi/asm-generic/mman-common.h
  private static final int MAP_SHARED = 1;

  private static final long SYS_PERF_EVENT_OPEN =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 298; // arch/x86/entry/syscalls/syscall_64.tbl
        case "ppc64le" -> 319;
        default -> 241; // include/uapi/asm-generic/unistd.h
      };

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment reading = arena.allocate(2 * Long.BYTES, Long.BYTES);
  private final boolean reportsControlGroup;
  private final int fd;

  /**
   * Opens a tracepoint, disabled.
   *
   * @param tracepoint its id
   * @param cpu the CPU, which must be online
   * @param filter what the kernel counts, {@code Documentation/trace/events.rst}
   * @throws SystemCallException with EACCES or EPERM without CAP_PERFMON, with ENODEV when the CPU
   *     is offline
   */
  public PerfEvent(int tracepoint, int cpu, String filter) throws SystemCallException {
    int opened = open(tracepoint, cpu, PERF_SAMPLE_TID | PERF_SAMPLE_RAW | PERF_SAMPLE_CGROUP);
    // A kernel before 5.7, or one without CONFIG_CGROUP_PERF.
    reportsControlGroup = opened >= 0 || !Errno.EINVAL.is(Libc.errno(state));
    fd = reportsControlGroup ? opened : open(tracepoint, cpu, PERF_SAMPLE_TID | PERF_SAMPLE_RAW);
    try (Arena text = Arena.ofConfined()) {
      Libc.check("perf_event_open", state, fd);
      control(PERF_EVENT_IOC_SET_FILTER, text.allocateFrom(filter).address());
    } catch (SystemCallException e) {
      close();
      throw e;
    }
  }

  private int open(int tracepoint, int cpu, long sampleType) {
    // struct perf_event_attr {
    //   u32 type, size; u64 config, sample_period, sample_type, read_format, flags;
    //   u32 wakeup_events, bp_type; u64 config1; }
    MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
    attributes.set(ValueLayout.JAVA_INT, 0, PERF_TYPE_TRACEPOINT);
    attributes.set(ValueLayout.JAVA_INT, 4, ATTRIBUTE_BYTES);
    attributes.set(ValueLayout.JAVA_LONG, 8, tracepoint);
    attributes.set(ValueLayout.JAVA_LONG, 16, 1);
    attributes.set(ValueLayout.JAVA_LONG, 24, sampleType);
    attributes.set(ValueLayout.JAVA_LONG, 32, PERF_FORMAT_TOTAL_TIME_ENABLED);
    attributes.set(ValueLayout.JAVA_LONG, 40, DISABLED);
    attributes.set(ValueLayout.JAVA_INT, 48, 1);
    long event = attributes.address();
    return Libc.syscall(
        state, SYS_PERF_EVENT_OPEN, event, ALL_PROCESSES, cpu, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
  }

  /**
   * Makes the ring that records go to, at most once.
   *
   * @param bytes how much it holds at least, a power of two
   * @throws SystemCallException with EPERM beyond kernel.perf_event_mlock_kb
   */
  public PerfRing ring(int bytes) throws SystemCallException {
    long page = Libc.getpagesize(state);
    long length = page + Math.max(page, bytes);
    long address = Libc.mmap(state, length, PROT_READ_WRITE, MAP_SHARED, fd);
    return new PerfRing(pages(Libc.check("mmap(perf event)", state, address), length));
  }

  @SuppressWarnings("restricted")
  private MemorySegment pages(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length, arena, PerfEvent::unmap);
  }

  private static void unmap(MemorySegment pages) {
    try (Arena own = Arena.ofConfined()) {
      Libc.munmap(own.allocate(Libc.ERRNO_LAYOUT), pages);
    }
  }

  /** Sends the records to the ring of another event of the same CPU. */
  public void recordTo(PerfEvent other) throws SystemCallException {
    control(PERF_EVENT_IOC_SET_OUTPUT, other.fd);
  }

  /** Begins to count. */
  public void enable() throws SystemCallException {
    control(PERF_EVENT_IOC_ENABLE, 0);
  }

  private void control(long request, long argument) throws SystemCallException {
    Libc.check("ioctl(perf event)", state, Libc.ioctl(state, fd, request, argument));
  }

  /** The count as it is now; an event whose CPU is gone still has its last one. */
  public Reading read() throws SystemCallException {
    // PERF_FORMAT_TOTAL_TIME_ENABLED: { u64 value; u64 time_enabled; }
    if (Libc.read(state, fd, reading) != reading.byteSize()) {
      throw new SystemCallException("read(perf event)", Libc.errno(state));
    }
    return new Reading(
        reading.get(ValueLayout.JAVA_LONG, 0), reading.get(ValueLayout.JAVA_LONG, Long.BYTES));
  }

  /** Whether its records tell the control group. */
  public boolean reportsControlGroup() {
    return reportsControlGroup;
  }

  int fd() {
    return fd;
  }

  /** Ends counting and unmaps the ring, which must not be used any more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      Libc.close(state, fd);
      arena.close();
    }
  }
}
