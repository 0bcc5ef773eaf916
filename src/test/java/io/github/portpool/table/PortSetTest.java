package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortSetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                  | ''                | 0
          '\\n'                | ''                | 0
          0                   | 0                 | 1
          65535               | 65535             | 1
          0-65535             | 0-65535           | 65536
          0,65535             | 0,65535           | 2
          8080,9000-9100\\n    | 8080,9000-9100    | 102
          3,1,2               | 1-3               | 3
          5-9,7-12            | 5-12              | 8
          63,64,127-128       | 63-64,127-128     | 4
          ' 80 , 90 - 91 '    | 80,90-91          | 3
          """)
  void readsWhatTheKernelWrites(String text, String canonical, int size) {
    PortSet set = PortSet.parse(text.replace("\\n", "\n"));
    assertEquals(canonical, set.toString());
    assertEquals(size, set.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "65536",
        "-1",
        "a",
        "2-1",
        "1-2-3",
        "1--2",
        "1;2",
        "5-",
        "-",
        "1 2",
        "99999999999",
        "0x10",
        "1-65536"
      })
  void refusesWhatIsNoPort(String text) {
    assertThrows(IllegalArgumentException.class, () -> PortSet.parse(text));
  }

  @Test
  void textAndSetAreInverse() {
    Random random = new Random(20_261);
    for (int i = 0; i < 50; i++) {
      PortSet set = new PortSet();
      TreeSet<Integer> reference = new TreeSet<>();
      for (int n = random.nextInt(300); n > 0; n--) {
        int first = random.nextInt(PortSet.PORTS);
        int last = Math.min(PortSet.PORTS - 1, first + random.nextInt(4));
        for (int port = first; port <= last; port++) {
          set.add(port);
          reference.add(port);
        }
      }
      assertEquals(reference.size(), set.size());
      assertEquals(set, PortSet.parse(set.toString()));
    }
  }

  @Test
  void holdsBothBorders() {
    PortSet set = new PortSet();
    assertFalse(set.contains(0));
    assertFalse(set.contains(65_535));
    set.add(0);
    set.add(65_535);
    assertTrue(set.contains(0));
    assertTrue(set.contains(65_535));
    assertFalse(set.contains(1));
    assertFalse(set.contains(65_534));
    set.clear();
    assertEquals(new PortSet(), set);
  }

  @Test
  void combinesIntoNewSets() {
    PortSet low = PortSet.range(10, 20);
    PortSet high = PortSet.range(15, 30);
    assertEquals("10-14", low.minus(high).toString());
    assertEquals("10-30", low.plus(high).toString());
    assertEquals("10-20", low.toString());
    PortSet same = PortSet.parse("10-20");
    assertEquals(low.hashCode(), same.hashCode());
    same.add(9);
    assertNotEquals(low, same);
  }
}
