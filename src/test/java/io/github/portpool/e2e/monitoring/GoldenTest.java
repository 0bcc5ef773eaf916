package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Golden;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.e2e.SmallHost;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole exposition, held against a reviewed file.
 *
 * <p>{@code -Dportpool.golden.update=true} rewrites the metrics, {@code
 * -Dportpool.recording.update=true} the recorded kernel bytes below them; review the diff.
 */
@NeedsHost
class GoldenTest {
  private static final String PROMTOOL = "/usr/bin/promtool";

  @TempDir static Path directory;

  private static String metrics;

  @BeforeAll
  static void readMetrics() throws Exception {
    if (Boolean.getBoolean("portpool.recording.update")) {
      Files.copy(record(), Golden.RECORDING, StandardCopyOption.REPLACE_EXISTING);
    }
    metrics = replay(Golden.RECORDING);
    if (Boolean.getBoolean("portpool.golden.update")) {
      Files.writeString(Golden.METRICS, Golden.normalised(metrics));
    }
  }

  private static Path record() throws Exception {
    try (SmallHost host = SmallHost.create()) {
      return host.record(directory.resolve("fresh.bin"));
    }
  }

  /** The metrics of a replay, as they are served. */
  static String replay(Path recording) throws Exception {
    try (AgentProcess agent =
        AgentProcess.serve(
            "--source=replay:" + recording,
            "--sample.cpu-budget=100%",
            "--web.disable-exporter-metrics")) {
      return agent.http().get("/metrics").text();
    }
  }

  @Test
  void aReplayGivesTheReviewedMetrics() throws Exception {
    Golden.assertGolden(metrics);
  }

  @Test
  void aNewRecordingOfTheSameHostGivesTheSame() throws Exception {
    String fresh = replay(record());
    Assumptions.assumeTrue(
        fresh.contains("portpool_feature_available{feature=\"bound_inactive\"} 1.0"),
        "this kernel does not list sockets that are only bound");
    // Two destinations may share a port, or not: the kernel draws lots.
    Golden.assertGolden(
        fresh,
        "portpool_used_ports{",
        "portpool_bind_free_ports{",
        "portpool_feature_available{feature=\"exact_blocked\"}"); // with the rights for it
  }

  @Test
  void promtoolHasNoComplaintAboutTheReviewedMetrics() throws Exception {
    promtoolAccepts(Golden.METRICS.toFile());
  }

  @Test
  void promtoolHasNoComplaintAboutServedMetrics() throws Exception {
    promtoolAccepts(Files.writeString(directory.resolve("replay.txt"), metrics).toFile());
    try (AgentProcess agent = AgentProcess.serve()) {
      String served = agent.http().get("/metrics").text();
      promtoolAccepts(Files.writeString(directory.resolve("live.txt"), served).toFile());
    }
  }

  private static void promtoolAccepts(File exposition) throws Exception {
    Needs.program(PROMTOOL, "prometheus");
    ProcessBuilder promtool = new ProcessBuilder(PROMTOOL, "check", "metrics");
    assertEquals(
        new Outcome(0, List.of(), List.of()), Program.run(promtool.redirectInput(exposition)));
  }
}
