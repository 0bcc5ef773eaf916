package io.github.portpool.source.oshi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OshiOwnersTest {
  private static final int OWN_PID = (int) ProcessHandle.current().pid();
  private static final int NO_PID = Integer.MAX_VALUE;

  @Test
  void namesAProcessByItsId() {
    try (OshiOwners owners = new OshiOwners()) {
      OwningProcess process = owners.process(OWN_PID).orElseThrow();
      assertEquals(OWN_PID, process.pid());
      assertTrue(process.name().startsWith("java"), process.name());
      assertEquals(System.getProperty("user.name"), process.user());
      Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
      Duration apart = Duration.between(started, owners.started(OWN_PID).orElseThrow()).abs();
      assertTrue(apart.toSeconds() < 10, apart.toString());
    }
  }

  @Test
  void knowsNothingOfOneThatIsNotThere() {
    try (OshiOwners owners = new OshiOwners()) {
      assertEquals(Optional.empty(), owners.process(NO_PID));
      assertEquals(Optional.empty(), owners.started(NO_PID));
    }
  }

  @Test
  void saysWhatOshiDoesNotShow() {
    try (OshiOwners owners = new OshiOwners()) {
      assertEquals(Optional.empty(), owners.controlGroup(1));
      assertEquals(Map.of(), owners.processes(Map.of(1L, 0)));
      assertEquals(Map.of(), owners.held("java").bySocket());
      assertEquals("4000000000", owners.user((int) 4_000_000_000L));
      assertTrue(owners.unavailable().containsKey(Feature.CGROUPS));
      owners
          .unavailable()
          .forEach((feature, sentence) -> assertFalse(sentence.isBlank(), feature.label()));
    }
  }
}
