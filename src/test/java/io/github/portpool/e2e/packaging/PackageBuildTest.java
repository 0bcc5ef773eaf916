package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make package} has made: sound, and made again the same to the last byte. */
@MostlyWaits
class PackageBuildTest {
  private static final Path CHECKOUT = Path.of("");
  private static final String SOURCES = "git ls-files -z --cached --others --exclude-standard";

  @Test
  void lintianHasNothingToSay() throws Exception {
    Needs.program("/usr/bin/lintian", "lintian");
    assertEquals("", run(CHECKOUT, "lintian --allow-root " + PackageTest.built()));
  }

  @Test
  void anotherBuildOfTheSameSourcesIsTheSame(@TempDir Path copy) throws Exception {
    Path debianPackage = PackageTest.built();
    assumeTrue(Files.exists(Path.of(".git")), "this is no git checkout");
    assumeTrue(
        isNewerThanSources(debianPackage), "the package is older than its sources: make package");
    run(
        CHECKOUT,
        "{ %s; printf .git; } | tar --null -T - -c | tar -x -C %s".formatted(SOURCES, copy));
    run(copy, "deploy/package/build 2>&1");
    List<Path> built = List.of(debianPackage, tarball());
    for (Path each : built) {
      assertEquals(-1, Files.mismatch(each, copy.resolve(each)), each.toString());
    }
  }

  private static boolean isNewerThanSources(Path built) throws Exception {
    String newer = SOURCES + " | xargs -0 sh -c 'find \"$@\" -newer \"$0\"' " + built;
    Instant commit =
        Instant.ofEpochSecond(Long.parseLong(run(CHECKOUT, "git log -1 --format=%ct")));
    return run(CHECKOUT, newer).isEmpty()
        && Files.getLastModifiedTime(built).toInstant().isAfter(commit);
  }

  private static Path tarball() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("portpool-.*\\.tar\\.gz"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static String run(Path directory, String command) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), command + ": " + output);
    return output.strip();
  }
}
