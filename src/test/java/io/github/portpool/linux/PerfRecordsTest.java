package io.github.portpool.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records as the kernel writes them, and as it never would. */
class PerfRecordsTest {
  private static final int SAMPLE = 9;
  private static final int LOST = 2;

  private final PerfRecords records = new PerfRecords();

  private static byte[] record(int type, int size, byte[] body) {
    return ByteBuffer.allocate(8 + body.length)
        .order(ByteOrder.nativeOrder())
        .putInt(type)
        .putShort((short) 0)
        .putShort((short) size)
        .put(body)
        .array();
  }

  private static byte[] sample(int pid, int tid, byte[] raw, long cgroup) {
    byte[] body =
        ByteBuffer.allocate(12 + raw.length + 8)
            .order(ByteOrder.nativeOrder())
            .putInt(pid)
            .putInt(tid)
            .putInt(raw.length)
            .put(raw)
            .putLong(cgroup)
            .array();
    return record(SAMPLE, 8 + body.length, body);
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }

  private void wrap(byte[] block) {
    records.wrap(block, block.length, true);
  }

  @Test
  void aSampleIsRead() {
    byte[] raw = new byte[76];
    ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).putShort(26, (short) 443);
    raw[56] = 0x20;
    raw[63] = 1;
    wrap(sample(12, 34, raw, 0x1234_5678_9abcL));
    assertTrue(records.next());
    assertEquals(12, records.pid());
    assertEquals(34, records.tid());
    assertEquals(76, records.rawBytes());
    assertEquals(443, records.rawShort(26));
    assertEquals(0x2000_0000_0000_0001L, records.rawNetworkLong(56));
    assertEquals(0x1234_5678_9abcL, records.controlGroup());
    assertFalse(records.next());
  }

  @Test
  void withoutAControlGroupItIsZero() {
    byte[] block = sample(1, 1, new byte[76], 5);
    records.wrap(block, block.length, false);
    assertTrue(records.next());
    assertEquals(0, records.controlGroup());
  }

  @Test
  void otherRecordsArePassedOver() {
    byte[] lost = record(LOST, 24, new byte[16]);
    byte[] unknown = record(4711, 8, new byte[0]);
    wrap(join(lost, sample(1, 2, new byte[4], 0), unknown, sample(3, 4, new byte[4], 0), lost));
    assertTrue(records.next());
    assertEquals(2, records.tid());
    assertTrue(records.next());
    assertEquals(4, records.tid());
    assertFalse(records.next());
  }

  @Test
  void aSampleThatIsTooShortForItsOwnFieldsIsPassedOver() {
    byte[] short1 = record(SAMPLE, 16, new byte[8]);
    byte[] raw = sample(1, 1, new byte[4], 0);
    ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).putInt(16, 5);
    byte[] negative = sample(1, 1, new byte[4], 0);
    ByteBuffer.wrap(negative).order(ByteOrder.nativeOrder()).putInt(16, -1);
    wrap(join(short1, raw, negative, sample(1, 9, new byte[4], 0)));
    assertTrue(records.next());
    assertEquals(9, records.tid());
    assertFalse(records.next());
  }

  @Test
  void nothingIsReadBeyondABrokenOrUnfinishedRecord() {
    byte[] good = sample(1, 1, new byte[4], 0);
    for (int size : new int[] {0, 7, 1000, 0xffff}) {
      wrap(join(record(SAMPLE, size, new byte[24]), good));
      assertFalse(records.next(), "a record of " + size);
    }
    for (int length = 0; length < good.length; length++) {
      wrap(Arrays.copyOf(good, length));
      assertFalse(records.next(), length + " bytes");
    }
  }

  @Test
  void anyBytesAreSurvived() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] block = join(sample(1, 1, new byte[76], 0), sample(1, 1, new byte[12], 0));
      for (int n = random.nextInt(8); n >= 0; n--) {
        block[random.nextInt(random.nextBoolean() ? 24 : block.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(block.length + 1);
      records.wrap(block, length, random.nextBoolean());
      int samples = 0;
      while (records.next()) {
        samples++;
        records.controlGroup();
        if (records.rawBytes() >= 8) {
          records.rawNetworkLong(records.rawBytes() - 8);
          records.rawShort(records.rawBytes() - 2);
        }
      }
      assertTrue(samples <= length / 8);
    }
  }
}
