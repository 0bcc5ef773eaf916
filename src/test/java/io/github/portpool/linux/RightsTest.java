package io.github.portpool.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "000001fffeffffff, true",
    "0000000000080004, true",
    "0000000000080002, true",
    "0000000000080000, false",
    "0000000000000006, false",
    "0000000000000000, false",
  })
  void seesAllProcessesWithTwoCapabilities(String capabilities, boolean all) {
    String status =
        "Name:\tjava\nUid:\t0\t1000\t0\t0\nCapPrm:\tffffffffffffffff\nCapEff:\t%s\nCapBnd:\t0\n"
            .formatted(capabilities);
    assertEquals(all, Rights.of(status).seesAllProcesses());
    assertEquals(1000, Rights.of(status).uid());
  }

  @Test
  void whatIsNotSaidIsNoRight() {
    assertFalse(Rights.of("").seesAllProcesses());
    assertFalse(Rights.of("Name:\tCapEff:\t000001fffeffffff\n").seesAllProcesses());
    assertTrue(Rights.of("CapEff:\tffffffffffffffff\n").seesAllProcesses());
    assertEquals(-2, Rights.of("Uid:\t0\t4294967294\t0\t0\n").uid());
  }
}
