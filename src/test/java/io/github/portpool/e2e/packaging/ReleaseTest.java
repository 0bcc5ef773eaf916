package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commits of a release, in a copy of the checkout; PackageBuildTest has what is built. */
@MostlyWaits
class ReleaseTest {
  private static final String RELEASE = "src/build/release-commits";

  @TempDir private Path checkout;

  @BeforeEach
  void copy() throws Exception {
    assumeTrue(Files.exists(Path.of(".git")), "this is no git checkout");
    String sources = "git ls-files -z --cached --others --exclude-standard";
    sh(Path.of(""), sources + " | tar --null -T - -c | tar -x -C " + checkout);
    sh(checkout, "git init -q && git add --all && git commit -q -m before");
  }

  private static Outcome run(Path folder, String command) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder("sh", "-c", command).directory(folder.toAbsolutePath().toFile());
    process.environment().put("SOURCE_DATE_EPOCH", "1798761599"); // 2026-12-31T23:59:59Z
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      process.environment().put("GIT_" + who + "_NAME", "somebody");
      process.environment().put("GIT_" + who + "_EMAIL", "somebody@portpool.invalid");
    }
    return Program.run(process);
  }

  private static List<String> sh(Path folder, String command) throws Exception {
    Outcome outcome = run(folder, command);
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out();
  }

  @Test
  void aReleaseIsACommitAndTheNextSnapshotAnother() throws Exception {
    String refs = sh(checkout, "git for-each-ref").toString();
    sh(checkout, RELEASE + " 1.2.9 target/source");
    Path source = checkout.resolve("target/source");
    for (String file :
        List.of(
            "pom.xml",
            "deploy/helm/portpool/Chart.yaml",
            "deploy/kubernetes/base/kustomization.yaml",
            "deploy/compose/compose.yaml",
            "src/docs/library.md")) {
      String text = Files.readString(source.resolve(file));
      assertTrue(text.contains("1.2.9"), file);
      assertFalse(text.contains("0-SNAPSHOT"), file);
    }
    String changes = Files.readString(source.resolve("CHANGELOG.md"));
    assertTrue(changes.contains("## Unreleased\n\n## 1.2.9, 2026-12-31\n\n- "), changes);
    String pom = Files.readString(source.resolve("pom.xml"));
    assertTrue(pom.contains("outputTimestamp>2026-12-31T00:00:00Z<"), pom);
    assertEquals(List.of("Release 1.2.9", "before"), sh(source, "git log --format=%s"));
    assertEquals(
        List.of("Begin 1.2.10-SNAPSHOT", "Release 1.2.9", "before"),
        sh(source, "git log --format=%s next"));
    assertEquals(
        List.of("  <version>1.2.10-SNAPSHOT</version>"),
        sh(source, "git show next:pom.xml | grep '^  <version>'"));
    assertEquals(
        changes.strip(), String.join("\n", sh(source, "git show next:CHANGELOG.md")).strip());
    assertEquals(List.of(), sh(source, "git tag --list"));
    assertEquals(refs, sh(checkout, "git for-each-ref").toString());
    assertEquals(List.of(), sh(checkout, "git status --porcelain"));
  }

  @Test
  void theSameDayGivesTheSameCommits() throws Exception {
    sh(checkout, RELEASE + " 1.2.3 target/one && " + RELEASE + " 1.2.3 target/other");
    assertEquals(
        sh(checkout.resolve("target/one"), "git rev-parse next"),
        sh(checkout.resolve("target/other"), "git rev-parse next"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true || made: '' is not a version: make release VERSION=1.2.3",
        "true | v1.2.3 | made: 'v1.2.3' is not a version",
        "true | 1.2 | made: '1.2' is not a version",
        "true | 1.02.3 | made: '1.02.3' is not a version",
        "true | '1.2.3\n1.2.3' | is not a version",
        "git tag v1.2.3 | 1.2.3 | v1.2.3 is there already",
        "echo >>README.md | 1.2.3 | there are changes that are not committed",
        "sed -i s/^-// CHANGELOG.md; git commit -qam x | 1.2.3 | has nothing under Unreleased",
        "sed -i s/-SNAPSHOT// pom.xml; git commit -qam x | 1.2.3 | the version in pom.xml is no",
      })
  void whatCannotBeReleasedIsRefused(String before, String version, String sentence)
      throws Exception {
    sh(checkout, before);
    String argument = version == null ? "" : version;
    Outcome outcome = run(checkout, RELEASE + " '" + argument + "' target/source");
    assertEquals(2, outcome.exitCode(), outcome::toString);
    assertTrue(String.join("\n", outcome.err()).contains(sentence), outcome::toString);
    assertFalse(Files.exists(checkout.resolve("target/source")));
  }
}
