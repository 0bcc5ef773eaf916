package io.github.portpool.export.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarTest {
  @ParameterizedTest
  @CsvSource({
    "0, [....]",
    "0.0001, [#...]",
    "0.5, [##..]",
    "0.9999, [###.]",
    "1, [####]",
  })
  void onlyNothingIsEmptyAndOnlyAllIsFull(double share, String bar) {
    assertEquals(bar, Bar.of(share, 4));
  }
}
