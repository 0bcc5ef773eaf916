package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.linux.Errno;
import io.github.portpool.linux.Rights;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class PerfCureTest {
  /** The cure where CAP_PERFMON is not enough. */
  public static final String SYSCTL = "sysctl -w kernel.perf_event_paranoid=2";

  private static final long PERFMON = 1L << 38;
  private static final long SYS_ADMIN = 1L << 21;

  /** Nobody is told to give what is there, nor what does not cure. */
  @ParameterizedTest
  @CsvSource({
    // CAP_PERFMON, CAP_SYS_ADMIN, paranoia, the sysctl, CAP_PERFMON, the user namespace
    "false, false, 2, false, true, false",
    "false, false, 3, true, true, false",
    "false, false, 4, true, true, false",
    "true, false, 3, true, false, false",
    "true, false, 4, true, false, false",
    "true, false, 2, false, false, true",
    "true, false, -1, false, false, true",
    "false, true, 4, false, false, true",
    "true, true, 2, false, false, true",
  })
  void namesTheCureThatCures(
      boolean perfmon, boolean admin, int paranoia, boolean sysctl, boolean give, boolean users) {
    Rights rights = new Rights(1000, (perfmon ? PERFMON : 0) | (admin ? SYS_ADMIN : 0));
    String cure = PerfCure.of(Errno.EACCES.number(), rights, paranoia);
    assertEquals(sysctl, cure.contains(SYSCTL), cure);
    assertEquals(give, cure.contains("give the agent CAP_PERFMON"), cure);
    assertEquals(users, cure.contains("PrivateUsers=no"), cure);
  }

  @Test
  void readsTheSetting() throws Exception {
    Path file = Path.of("/proc/sys/kernel/perf_event_paranoid");
    int paranoia = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 2;
    assertEquals(paranoia, PerfCure.paranoia());
    assertTrue(PerfCure.paranoia() >= -1);
  }
}
