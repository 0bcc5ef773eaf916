package io.github.portpool.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The ring through which the kernel hands out records, {@code include/uapi/linux/perf_event.h}.
 *
 * <pre>
 * struct perf_event_mmap_page {
 *   ...
 *   u64 data_head;    // 1024: bytes written, ever; the kernel's
 *   u64 data_tail;    // 1032: bytes read, ever; the reader's
 *   u64 data_offset;  // 1040: where the data begin
 *   u64 data_size;    // 1048: a power of two
 * }
 * </pre>
 *
 * <p>For one thread at a time.
 */
public final class PerfRing {
  private static final int DATA_HEAD = 1024;
  private static final int DATA_TAIL = 1032;
  private static final int DATA_OFFSET = 1040;
  private static final int DATA_SIZE = 1048;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment page;
  private final MemorySegment data;

  /** A ring of which all pages, the one before the data too, are mapped. */
  PerfRing(MemorySegment pages) {
    page = pages;
    data =
        pages.asSlice(
            pages.get(ValueLayout.JAVA_LONG, DATA_OFFSET),
            pages.get(ValueLayout.JAVA_LONG, DATA_SIZE));
  }

  /** How much it holds at most. */
  public int bytes() {
    return (int) data.byteSize();
  }

  /**
   * Takes what was written since the last time, and makes room for more.
   *
   * @param into at least as large as the ring; the records stand in it one after the other
   * @return how many bytes there are
   */
  public int take(byte[] into) {
    long head = (long) LONG.getAcquire(page, (long) DATA_HEAD);
    long tail = page.get(ValueLayout.JAVA_LONG, DATA_TAIL);
    int length = (int) Math.clamp(head - tail, 0, data.byteSize());
    int start = (int) (tail & (data.byteSize() - 1));
    int first = (int) Math.min(length, data.byteSize() - start);
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, into, 0, first);
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, into, first, length - first);
    LONG.setRelease(page, (long) DATA_TAIL, head);
    return length;
  }
}
