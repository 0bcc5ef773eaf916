package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Scrape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image, run by a real runtime with the rights that the manifests give it. */
@MostlyWaits
class ContainerImageTest {
  @TempDir static Path scratch;

  private static ContainerImage image;

  @BeforeAll
  static void build() throws Exception {
    image = ContainerImage.build(scratch);
  }

  @AfterAll
  static void endAll() throws Exception {
    if (image != null) {
      image.endAll();
    }
  }

  @Test
  void anyUserWithoutCapabilitiesServesMetrics() throws Exception {
    List<String> options = List.of("--user=12345:12345");
    try (AgentProcess agent = serve(options)) {
      Scrape scrape = agent.scrape();
      assertEquals(1, scrape.value("portpool_sample_success{netns=\"host\"}"));
      assertEquals(0, available(scrape, "processes"));
      assertEquals(0, agent.stop());
    }
  }

  /** What the chart gives it for processes and failures. */
  @Test
  void theCapabilitiesOfTheManifestsAreEnough() throws Exception {
    List<String> options =
        List.of(
            "--user=0",
            "--pid=host",
            "--cap-add=DAC_READ_SEARCH,PERFMON,SYS_ADMIN,SYS_PTRACE",
            "--security-opt=apparmor=unconfined",
            "--volume=/sys/fs/cgroup:/sys/fs/cgroup:ro",
            "--volume=/sys/kernel/tracing:/sys/kernel/tracing:ro");
    try (AgentProcess agent = serve(options, "--namespaces=all")) {
      Scrape scrape = agent.scrape();
      assertEquals(1, available(scrape, "processes"));
      assertEquals(1, available(scrape, "namespaces"));
      assertEquals(1, available(scrape, "cgroups"));
      assertEquals(1, available(scrape, "connect_failures"));
      assertEquals(0, agent.stop());
    }
  }

  /** The archive of classes knows the jars by their times, which the image must keep. */
  @Test
  void theArchiveOfClassesIsUsed() throws Exception {
    List<String> classes =
        ContainerImage.run(
                image.container(
                    List.of("--env=JDK_JAVA_OPTIONS=-Xlog:class+load:stdout"), "--version"))
            .lines()
            .filter(line -> line.contains(" io.github.portpool.cli."))
            .toList();
    long shared =
        classes.stream().filter(line -> line.contains("source: shared objects file")).count();
    assertTrue(shared * 2 > classes.size(), () -> shared + " of " + classes);
  }

  private static AgentProcess serve(List<String> options, String... arguments) throws Exception {
    return AgentProcess.start(image.container(options, AgentProcess.arguments(arguments)));
  }

  private static double available(Scrape scrape, String feature) {
    return scrape.value("portpool_feature_available{feature=\"" + feature + "\"}");
  }
}
