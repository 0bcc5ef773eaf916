package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.IanaRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {
  @ParameterizedTest
  @CsvSource({
    "0, WELL_KNOWN",
    "1023, WELL_KNOWN",
    "1024, REGISTERED",
    "49151, REGISTERED",
    "49152, DYNAMIC",
    "65535, DYNAMIC",
  })
  void ianaRangesMeetAtTheirBorders(int port, IanaRange range) {
    assertEquals(range, IanaRange.of(port));
    assertTrue(range.first() <= port && port <= range.last());
  }

  @Test
  void onlyReservedPortsInsideTheRangeCount() {
    EphemeralPorts range =
        new EphemeralPorts(32_768, 32_867, PortSet.parse("80,32767-32769,32800,32867-40000"));
    assertEquals(100, range.last() - range.first() + 1);
    assertEquals(4, range.reserved());
    assertEquals(96, range.capacity());
    assertTrue(range.contains(32_768));
    assertFalse(range.allocates(32_768));
    assertTrue(range.allocates(32_770));
    assertTrue(range.contains(32_867));
    assertFalse(range.allocates(32_867));
    assertFalse(range.contains(32_767));
    assertFalse(range.contains(32_868));
    assertEquals("32770-32799,32801-32866", SocketEntries.pool(range).toString());
  }

  @Test
  void aRangeMayHaveOnePortOrAllOrNoneLeft() {
    assertEquals(1, new EphemeralPorts(65_535, 65_535, new PortSet()).capacity());
    assertEquals(65_536, new EphemeralPorts(0, 65_535, new PortSet()).capacity());
    EphemeralPorts reserved = new EphemeralPorts(10, 20, PortSet.range(0, 100));
    assertEquals(0, reserved.capacity());
    assertEquals(11, reserved.reserved());
  }

  @Test
  void aPortBesidesThePoolIsTheNextOne() {
    EphemeralPorts range = new EphemeralPorts(32_768, 65_535, PortSet.parse("40000"));
    assertEquals(32_767, range.besides(32_767));
    assertEquals(40_000, range.besides(32_768));
    assertEquals(1024, range.besides(40_001));
    assertEquals(5000, new EphemeralPorts(0, 65_535, new PortSet()).besides(5000));
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "5, 65536", "6, 5"})
  void refusesWhatIsNoRange(int first, int last) {
    PortSet none = new PortSet();
    assertThrows(IllegalArgumentException.class, () -> new EphemeralPorts(first, last, none));
  }
}
