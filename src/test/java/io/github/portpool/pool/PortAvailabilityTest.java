package io.github.portpool.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.table.EphemeralRange;
import io.github.portpool.table.PortSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortAvailabilityTest {
  private static final EphemeralRange RANGE =
      new EphemeralRange(20_000, 20_099, PortSet.parse("80,20050"));

  @ParameterizedTest
  @CsvSource({
    "19999, false, false, outside_range, false",
    "20100, true, true, outside_range, false",
    "80, true, true, outside_range, false",
    "20050, false, false, reserved, false",
    "20050, true, true, reserved, false",
    "20000, false, false, free, true",
    "20099, true, false, shared, true",
    "20099, true, true, closed, false",
  })
  void followsTheKernel(int port, boolean held, boolean closed, String label, boolean connectable) {
    PortAvailability availability = PortAvailability.of(RANGE, port, held, closed);
    assertEquals(label, availability.label());
    assertEquals(connectable, availability.connectable());
  }
}
