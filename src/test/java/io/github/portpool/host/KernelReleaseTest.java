package io.github.portpool.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {
  @ParameterizedTest
  @CsvSource({
    "6.1.0-50-amd64, 6.1, false",
    "7.2.13+deb14-cloud-amd64, 7.2, false",
    "7.3.0-rc1, 7.3, true",
    "8.0, 8.0, true",
    "4.18.0-553.el8_10.x86_64, 4.18, false",
    "unknown, 0.0, false",
    "'', 0.0, false",
    "99999999999.1, 0.0, false",
  })
  void isReadFromItsName(String name, String release, boolean untried) {
    assertEquals(release, KernelRelease.of(name).toString());
    assertEquals(untried, KernelRelease.of(name).isUntried());
  }

  @Test
  void laterIsAtLeastAsMuch() {
    assertTrue(new KernelRelease(6, 8).isAtLeast(6, 8));
    assertTrue(new KernelRelease(7, 0).isAtLeast(6, 8));
    assertFalse(new KernelRelease(6, 7).isAtLeast(6, 8));
    assertFalse(new KernelRelease(5, 15).isAtLeast(6, 8));
  }

  /** The table of kernels names the newest that was tried. */
  @Test
  void theNewestTriedIsInTheTable() throws Exception {
    String table = Files.readString(Path.of("src/docs/kernels.md"));
    assertTrue(table.contains("| " + KernelRelease.NEWEST_TRIED + " |"), table);
  }
}
