package io.github.portpool.source.oshi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.table.EphemeralPorts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MacRangeTest {
  @ParameterizedTest
  @CsvSource({
    "49152, 65535, 49152-65535", // as delivered
    "1024, 1024, 1024-1024",
    "65535, 49152, 49152-65535", // searched downwards
    "-1, -1, none", // no such sysctl
    "49152, -1, none",
    "0, 65535, none",
    "49152, 65536, none",
    "2147483647, -2147483648, none",
  })
  void readsTheSysctls(int first, int last, String range) {
    assertEquals(range, MacRange.of(first, last).map(MacRangeTest::text).orElse("none"));
  }

  private static String text(EphemeralPorts range) {
    return range.first() + "-" + range.last();
  }
}
