package io.github.portpool.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring whose writer is the test. */
class PerfRingTest {
  private static final int PAGE = 4096;
  private static final int DATA = 64;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment pages = arena.allocate(PAGE + DATA, PAGE);
  private final byte[] taken = new byte[DATA];
  private PerfRing ring;
  private long written;

  @BeforeEach
  void makeRing() {
    pages.set(ValueLayout.JAVA_LONG, 1040, PAGE);
    pages.set(ValueLayout.JAVA_LONG, 1048, DATA);
    ring = new PerfRing(pages);
  }

  @AfterEach
  void free() {
    arena.close();
  }

  private void write(int bytes) {
    for (int i = 0; i < bytes; i++) {
      pages.set(ValueLayout.JAVA_BYTE, PAGE + written % DATA, (byte) written);
      written++;
    }
    pages.set(ValueLayout.JAVA_LONG, 1024, written);
  }

  private long tail() {
    return pages.get(ValueLayout.JAVA_LONG, 1032);
  }

  @Test
  void whatIsWrittenIsTakenOnceAndInOrderAroundTheEnd() {
    Random random = new Random(7);
    long expected = 0;
    for (int i = 0; i < 1_000; i++) {
      write(random.nextInt(DATA + 1));
      int length = ring.take(taken);
      for (int at = 0; at < length; at++) {
        assertEquals((byte) expected++, taken[at]);
      }
      assertEquals(written, expected);
      assertEquals(written, tail());
      assertEquals(0, ring.take(taken));
    }
  }

  @Test
  void aHeadThatCannotBeTakesNoMoreThanTheRingHolds() {
    for (long head : new long[] {DATA + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      pages.set(ValueLayout.JAVA_LONG, 1024, head);
      int length = ring.take(taken);
      assertEquals(length, Math.clamp(length, 0, DATA));
      assertEquals(head, tail());
      assertEquals(0, ring.take(taken));
    }
  }
}
