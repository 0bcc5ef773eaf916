package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineCpusTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"0 {0}", "0-1 {0,1}", "0,2-3,8 {0,2,3,8}", "9998-9999 {9998,9999}"})
  void aListOfCpusIsRead(String list, String cpus) {
    assertEquals(cpus, OnlineCpus.parse(list + "\n").toString().replace(" ", ""));
  }

  @Test
  void nonsenseIsRefused() {
    for (String list : List.of("", "\n", "a", "1-", "-1", "3-1", "0,", "0 1", "0-99999")) {
      assertThrows(IllegalArgumentException.class, () -> OnlineCpus.parse(list), list);
    }
  }

  @Test
  void thisMachineHasSome() throws Exception {
    try (OnlineCpus online = new OnlineCpus()) {
      assertTrue(online.read().cardinality() >= 1);
    }
  }
}
