package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What {@code make package ARCH=arm64} has made on another machine, by emulation of its processor:
 * that has no sock_diag, so that sockets are read through OSHI.
 */
@MostlyWaits
@Order(2)
class Arm64PackageTest {
  private final List<String> java = new ArrayList<>();
  private Path home;

  @BeforeEach
  void built() throws Exception {
    Path packages = Path.of("target/package-arm64");
    assumeTrue(Files.isDirectory(packages), "it is missing: make package ARCH=arm64");
    Needs.program("/usr/bin/qemu-aarch64", "qemu-user");
    try (Stream<Path> folders = Files.list(packages)) {
      home =
          folders
              .filter(each -> each.getFileName().toString().startsWith("portpool-"))
              .findFirst()
              .orElseThrow();
    }
    java.addAll(List.of("qemu-aarch64", "-L", "target/arm64"));
    java.add(home.resolve("runtime/bin/java").toString());
  }

  private ProcessBuilder program(String... arguments) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-jar", home.resolve("portpool.jar").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  @Test
  void itStartsSamplesAndServes() throws Exception {
    try (AgentProcess agent =
        AgentProcess.start(program(AgentProcess.arguments("--source=oshi")))) {
      assertTrue(agent.scrape().value("portpool_capacity_ports{netns=\"host\"}") > 0);
      assertEquals(0, agent.stop());
    }
  }

  @Test
  void itsClassesAreLaidOut() throws Exception {
    java.add("-Xshare:on");
    Outcome outcome = Program.run(program("--version"));
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }
}
