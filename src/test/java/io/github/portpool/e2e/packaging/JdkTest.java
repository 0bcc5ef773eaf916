package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which JDK builds and starts a checkout, on a machine that has no other than what the test says.
 */
@MostlyWaits
class JdkTest {
  private static final String NO_OTHER =
      "for dir in /usr/lib/jvm /opt; do mount -t tmpfs none $dir; done; exec src/build/jdk25";

  @TempDir private Path jdk;

  @BeforeEach
  void needs() {
    Needs.root();
    Needs.program("/usr/bin/unshare", "util-linux");
  }

  private Outcome found(String version) throws Exception {
    Path bin = Files.createDirectory(jdk.resolve("bin"));
    assertTrue(Files.createFile(bin.resolve("javac")).toFile().setExecutable(true));
    Files.writeString(jdk.resolve("release"), "X=1\nJAVA_VERSION=\"" + version + "\"\n");
    ProcessBuilder process = new ProcessBuilder("unshare", "--mount", "sh", "-c", NO_OTHER);
    process.environment().put("JAVA_HOME", jdk.toString());
    process.environment().put("HOME", jdk.toString());
    process.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return Program.run(process);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.3", "26", "26-ea", "27.0.1", "100"})
  void aJdkOfTheTimeIsTaken(String version) throws Exception {
    assertEquals(List.of(jdk.toString()), found(version).out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"24.0.2", "1.8.0_402", "17", ""})
  void anOlderOneIsNot(String version) throws Exception {
    assertEquals(1, found(version).exitCode());
  }

  @Test
  void whereThereIsNoneTheCommandThatInstallsOneIsSaid() throws Exception {
    Outcome outcome = found("21.0.9");
    String said = String.join("\n", outcome.err());
    assertTrue(said.startsWith("portpool: there is no JDK 25 or later here: "), said);
    assertTrue(said.matches("(?s).* install \\S*25\\S*"), said);
    String commands = said.substring(said.indexOf('\n'));
    assertEquals(0, Program.run(new ProcessBuilder("sh", "-n", "-c", commands)).exitCode());
  }
}
