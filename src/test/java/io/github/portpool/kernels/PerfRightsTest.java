package io.github.portpool.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.source.failures.PerfCureTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What {@code failures.conf} gives, under a kernel of Debian with its own setting, and with the one
 * that the log names as the cure. It changes a setting of the kernel: only where nobody else lives.
 */
@NeedsHost
@EnabledIfSystemProperty(named = "portpool.guest", matches = "true")
class PerfRightsTest {
  private static final Path SETTING = Path.of("/proc/sys/kernel/perf_event_paranoid");
  private static final String CAPABILITIES = "-all,+perfmon,+dac_read_search";
  private static final String COUNTED = "portpool_feature_available{feature=\"connect_failures\"}";

  @Test
  void theLogNamesTheCureThatCures() throws Exception {
    assertEquals("3", Files.readString(SETTING).strip());
    try (AgentProcess agent = start()) {
      assertEquals(0, agent.scrape().value(COUNTED));
      assertEquals(0, agent.stop());
      List<String> log = agent.log();
      assertTrue(log.stream().anyMatch(line -> line.contains(PerfCureTest.SYSCTL)), log::toString);
    }
    Files.writeString(SETTING, "2");
    try (AgentProcess agent = start()) {
      assertEquals(1, agent.scrape().value(COUNTED), () -> agent.log().toString());
    } finally {
      Files.writeString(SETTING, "3");
    }
  }

  private static AgentProcess start() throws Exception {
    return AgentProcess.start(
        Program.process(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--bounding-set=" + CAPABILITIES,
                "--inh-caps=" + CAPABILITIES,
                "--ambient-caps=" + CAPABILITIES),
            System.getProperty("java.class.path"),
            AgentProcess.arguments("--sample.interval=1s")));
  }
}
