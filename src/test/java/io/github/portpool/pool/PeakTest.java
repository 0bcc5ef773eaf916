package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeakTest {
  @Test
  void slides() {
    Peak peak = new Peak(60);
    assertEquals(5, peak.add(1000, 5));
    assertEquals(9, peak.add(1010, 9));
    assertEquals(9, peak.add(1020, 3));
    assertEquals(9, peak.add(1070, 2));
    assertEquals(3, peak.add(1071, 1));
    assertEquals(2, peak.add(1081, 1));
    assertEquals(0, peak.add(5000, 0));
  }

  @Test
  void isTheHighestOfTheWindow() {
    Random random = new Random(60);
    for (int round = 0; round < 100; round++) {
      int window = 1 + random.nextInt(50);
      Peak peak = new Peak(window);
      List<long[]> all = new ArrayList<>();
      long now = random.nextLong(); // System.nanoTime() may begin anywhere
      for (int i = 0; i < 200; i++) {
        now += random.nextInt(10);
        all.add(new long[] {now, random.nextInt(100)});
        long end = now;
        int highest =
            (int)
                all.stream()
                    .filter(value -> end - value[0] <= window)
                    .mapToLong(value -> value[1])
                    .max()
                    .orElseThrow();
        assertEquals(highest, peak.add(now, (int) all.getLast()[1]));
      }
    }
  }
}
