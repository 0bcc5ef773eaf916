package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@MostlyWaits
class IdleTest {
  private static final int PASSES = 10;

  private static long waits(AgentProcess agent, String thread) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + agent.pid() + "/task"))) {
      for (Path each : threads.toList()) {
        if (Files.readString(each.resolve("comm")).strip().equals(thread)) {
          return Files.readAllLines(each.resolve("status")).stream()
              .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow();
        }
      }
    }
    throw new AssertionError("no thread " + thread);
  }

  @Test
  void theServerSleepsWhileNobodyAsks() throws Exception {
    try (AgentProcess agent = AgentProcess.serve("--sample.interval=1s")) {
      long sampler = waits(agent, "portpool-sample");
      long server = waits(agent, "portpool-web");
      Await.until("samples", () -> waits(agent, "portpool-sample") >= sampler + PASSES);
      long woken = waits(agent, "portpool-web") - server;
      assertTrue(woken <= 2, () -> "it woke up " + woken + " times");
    }
  }
}
