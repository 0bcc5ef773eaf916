package io.github.portpool.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages that were built here, by the rules of Debian and against a second build. */
class PackageBuildTest {
  private static final Path TARGET = Path.of("target");
  private static final List<String> ENDS =
      List.of(".deb", "-linux-amd64.tar.gz", "-linux-arm64.tar.gz");

  @BeforeAll
  static void built() throws Exception {
    Optional<Path> built = packages(TARGET).stream().findFirst();
    assumeTrue(built.isPresent(), "there is no package: run make package");
    String sources = "pom.xml src/main deploy systemd grafana README.md CHANGELOG.md LICENSE";
    String newer = output(Path.of(""), "find " + sources + " -newer " + built.get() + " -type f");
    assumeTrue(newer.isEmpty(), "the package is older than the sources: run make package");
  }

  private static List<Path> packages(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> ENDS.stream().anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  private static String output(Path directory, String command) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(process.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), command + ": " + output);
    return output;
  }

  @Test
  void lintianHasNothingToSay() throws Exception {
    Needs.program("/usr/bin/lintian", "lintian");
    for (Path file : packages(TARGET)) {
      if (file.toString().endsWith(".deb")) {
        output(Path.of(""), "lintian --allow-root --fail-on error,warning " + file);
      }
    }
  }

  /** At another place and another time. */
  @Test
  void theSameCommitGivesTheSameBytes(@TempDir Path copy) throws Exception {
    assumeTrue(Files.exists(Path.of(".git")), "this is no git checkout");
    output(
        Path.of(""),
        "git ls-files -z --cached --others --exclude-standard | tar -c --null -T - .git | tar -C "
            + copy
            + " -x");
    output(copy, "deploy/package/build");
    List<Path> first = packages(TARGET);
    List<Path> second = packages(copy.resolve("target"));
    assertEquals(first.size(), second.size());
    for (int i = 0; i < first.size(); i++) {
      assertArrayEquals(hash(first.get(i)), hash(second.get(i)), first.get(i).toString());
    }
  }

  private static byte[] hash(Path file) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
  }
}
