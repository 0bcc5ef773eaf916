package io.github.portpool.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A cursor over the samples among the records of a tracepoint, {@code
 * include/uapi/linux/perf_event.h}.
 *
 * <pre>
 * struct perf_event_header { u32 type; u16 misc; u16 size; }
 * PERF_RECORD_SAMPLE: header; u32 pid, tid; u32 raw_size; char raw[raw_size]; u64 cgroup;
 * </pre>
 *
 * <p>Records of other types, and samples too short for what they must hold, are passed over: who
 * compares the samples with the count knows how many are missing, those in a PERF_RECORD_LOST too,
 * which the kernel does not write before it has the next sample to write. It never reads beyond the
 * block. For one thread.
 */
public final class PerfRecords {
  private static final int PERF_RECORD_SAMPLE = 9;
  private static final int HEADER_BYTES = 8;
  private static final int PID = 8;
  private static final int TID = 12;
  private static final int RAW_SIZE = 16;
  private static final int RAW = 20;

  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private boolean hasControlGroup;
  private int limit;
  private int at;
  private int next;

  /**
   * Starts before the first record.
   *
   * @param block records one after the other
   * @param length how many bytes of it count
   * @param withControlGroup whether {@code u64 cgroup} is there
   */
  public void wrap(byte[] block, int length, boolean withControlGroup) {
    bytes = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    limit = Math.min(length, block.length);
    hasControlGroup = withControlGroup;
    next = 0;
  }

  /**
   * Moves to the next sample.
   *
   * @return false when there is none, or when what follows is not a whole record
   */
  public boolean next() {
    while (limit - next >= HEADER_BYTES) {
      at = next;
      int length = Short.toUnsignedInt(bytes.getShort(at + 6));
      if (length < HEADER_BYTES || length > limit - at) {
        return false;
      }
      next += length;
      if (bytes.getInt(at) == PERF_RECORD_SAMPLE && isWhole(length)) {
        return true;
      }
    }
    return false;
  }

  private boolean isWhole(int length) {
    int needed = hasControlGroup ? RAW + Long.BYTES : RAW;
    return length >= needed && rawBytes() >= 0 && rawBytes() <= length - needed;
  }

  /** The id of the process, in the PID namespace of the reader; 0 for one of outside. */
  public int pid() {
    return bytes.getInt(at + PID);
  }

  /** The id of the thread. */
  public int tid() {
    return bytes.getInt(at + TID);
  }

  /** The id of the control group, or 0 when it is not told. */
  public long controlGroup() {
    return hasControlGroup ? bytes.getLong(at + RAW + rawBytes()) : 0;
  }

  /** The length of what the tracepoint recorded, padding included. */
  public int rawBytes() {
    return bytes.getInt(at + RAW_SIZE);
  }

  /** A u16 that the tracepoint recorded, in host order. */
  public int rawShort(int offset) {
    return Short.toUnsignedInt(bytes.getShort(at + RAW + offset));
  }

  /** Eight bytes that the tracepoint recorded, in network order. */
  public long rawNetworkLong(int offset) {
    long host = bytes.getLong(at + RAW + offset);
    return bytes.order() == ByteOrder.BIG_ENDIAN ? host : Long.reverseBytes(host);
  }
}
