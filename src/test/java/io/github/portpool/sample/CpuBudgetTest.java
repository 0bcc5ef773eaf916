package io.github.portpool.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuBudgetTest {
  @ParameterizedTest
  @CsvSource({
    // share of a core, wanted nanoseconds, CPU nanoseconds, interval
    "0.01, 1000, 0, 1000",
    "0.01, 1000, 10, 1000",
    "0.01, 1000, 11, 1100",
    "0.5, 1000, 501, 1002",
    "1, 1000, 2000, 2000",
    "4, 1000, 4400, 1100",
  })
  void waitsUntilTheShareIsKept(double cores, long wanted, long cpu, long interval) {
    assertEquals(interval, new CpuBudget(cores).intervalNanos(wanted, cpu));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN, Double.NEGATIVE_INFINITY})
  void refusesWhatIsNoShare(double cores) {
    assertThrows(IllegalArgumentException.class, () -> new CpuBudget(cores));
  }

  @Test
  void aTinyShareWaitsAsLongAsThereIs() {
    assertEquals(Long.MAX_VALUE, new CpuBudget(Double.MIN_VALUE).intervalNanos(1000, 1_000_000));
  }
}
