package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher of a checkout while it builds and something runs. Its {@code mvn} takes a jar and
 * libraries that were built before, and says so; ReadmeTest has it build in earnest.
 */
@MostlyWaits
class LauncherTest {
  private static final String MVN =
      """
      #!/bin/sh
      echo built >>"$BUILT/../builds"
      for each; do case $each in -Dportpool.build=*) to=${each#*=} ;; esac; done
      mkdir -p "$to"
      cp -R "$BUILT/portpool.jar" "$BUILT/lib" "$to/"
      """;

  @TempDir private Path checkout;

  @BeforeEach
  void copy() throws Exception {
    Needs.program("/usr/bin/flock", "util-linux");
    Path target = Path.of("target");
    assumeTrue(Files.exists(target.resolve("portpool.jar")), "nothing is built: make package");
    sh("mkdir -p src/main src/build deploy/package built bin");
    for (String file :
        List.of("portpool", "pom.xml", "src/build/jdk25", "deploy/package/jvm.options")) {
      sh("cp %s %s".formatted(Path.of(file).toAbsolutePath(), file));
    }
    sh("cp -R %1$s/portpool.jar %1$s/lib built/".formatted(target.toAbsolutePath()));
    Files.writeString(checkout.resolve("bin/mvn"), MVN);
    sh("chmod +x bin/mvn; touch -d '1 hour ago' pom.xml src/main");
  }

  private ProcessBuilder process(String... command) {
    ProcessBuilder process = new ProcessBuilder(command).directory(checkout.toFile());
    process.environment().put("BUILT", checkout.resolve("built").toString());
    process
        .environment()
        .merge("PATH", checkout.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
    return process;
  }

  private List<String> sh(String command) throws Exception {
    Program.Outcome outcome = Program.run(process("sh", "-c", command));
    assertEquals(0, outcome.exitCode(), outcome.toString());
    return outcome.out();
  }

  private List<Path> builds() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve(".run"))) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  @Test
  void twoThatBeginAtOnceBuildOnce() throws Exception {
    List<String> said = sh("./portpool --version & ./portpool --version; wait");
    assertEquals(2, said.stream().filter(line -> line.startsWith("portpool, version")).count());
    assertEquals(List.of("built"), Files.readAllLines(checkout.resolve("builds")));
  }

  @Test
  void whatRunsKeepsWhatItRunsFrom() throws Exception {
    try (AgentProcess agent =
        AgentProcess.start(process("./portpool", "serve", "--web.listen-address=127.0.0.1:0"))) {
      List<Path> first = builds();
      assertEquals(1, first.size());
      sh("touch pom.xml; ./portpool --version; rm -r built target 2>/dev/null || :");
      assertEquals(2, builds().size());
      // Classes that it has not loaded before.
      for (String page : List.of("/ports", "/ports/22", "/api/v1/snapshot", "/metrics")) {
        assertEquals(200, agent.http().get(page).status(), page);
      }
      assertEquals(0, agent.stop());
      assertFalse(agent.log().stream().anyMatch(line -> line.contains("NoClassDef")));
    }
  }

  @Test
  void whatNobodyRunsIsGoneAfterTheNextBuild() throws Exception {
    sh("./portpool --version");
    List<Path> first = builds();
    sh("touch pom.xml; ./portpool --version");
    Await.until("one build is left", () -> builds().size() == 1);
    assertTrue(Files.notExists(first.getFirst()));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32, 48})
  void fewOpenFilesAreSaidInOneLine(int files) throws Exception {
    sh("./portpool --version");
    Program.Outcome outcome =
        Program.run(process("sh", "-c", "ulimit -n " + files + "; ./portpool status"));
    assertNotEquals(0, outcome.exitCode(), outcome.toString());
    assertEquals(1, outcome.err().size(), outcome.toString());
    assertTrue(outcome.err().getFirst().contains("too few open files are allowed"));
  }

  @Test
  void aBuildThatFailsSaysWhyAndLeavesNothing() throws Exception {
    Files.writeString(checkout.resolve("bin/mvn"), "#!/bin/sh\necho no compiler; exit 1\n");
    Program.Outcome outcome = Program.run(process("./portpool", "--version"));
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().contains("no compiler"), outcome.toString());
    assertEquals(List.of(), builds());
  }
}
