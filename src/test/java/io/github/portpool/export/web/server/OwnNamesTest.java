package io.github.portpool.export.web.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OwnNamesTest {
  private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

  private final OwnNames names = new OwnNames();

  @Test
  void theKernelsNameIsKnownAtOnce() throws Exception {
    assumeTrue(Files.isReadable(KERNELS), "there is no " + KERNELS);
    assertTrue(names.contain(Files.readString(KERNELS).strip().toLowerCase(Locale.ROOT)));
  }

  @Test
  void theResolversNamesAreKnownSoon() throws Exception {
    String full = InetAddress.getLocalHost().getCanonicalHostName().toLowerCase(Locale.ROOT);
    while (!names.contain(full)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void otherNamesAreNotItsOwn() {
    assertFalse(names.contain("evil.example"));
    assertFalse(names.contain(""));
  }
}
