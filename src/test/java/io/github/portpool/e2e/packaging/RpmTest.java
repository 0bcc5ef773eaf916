package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The RPM package that {@code make package} has made, and repositories of the packages. */
@MostlyWaits
@Order(2)
class RpmTest {
  private static Path rpm;

  @TempDir private Path root;

  @BeforeAll
  static void built() throws Exception {
    Needs.root();
    Needs.program("/usr/bin/rpm", "rpm");
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      List<Path> all = files.filter(file -> file.toString().endsWith("x86_64.rpm")).toList();
      assumeFalse(all.isEmpty(), "there is no RPM package in target: make package");
      rpm = all.getFirst();
    }
  }

  private static List<String> run(Path folder, String command) throws Exception {
    Outcome outcome =
        Program.run(
            new ProcessBuilder("sh", "-c", command).directory(folder.toAbsolutePath().toFile()));
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out();
  }

  @Test
  void itTakesAnOldGlibcAndWhatMakesTheGroup() throws Exception {
    List<String> requires = run(Path.of(""), "rpm -qp --requires " + rpm);
    assertTrue(requires.contains("glibc >= 2.28"), requires::toString);
    assertTrue(requires.contains("shadow-utils"), requires::toString);
    assertTrue(requires.stream().noneMatch(each -> each.startsWith("lib")), requires::toString);
  }

  /** Without its scripts, which are the shell's of a system that is not there. */
  @Test
  void whatIsInstalledRunsAndIsWhatWasPacked() throws Exception {
    run(Path.of(""), "rpm --root " + root + " --nodeps --noscripts -i " + rpm);
    List<String> files = run(Path.of(""), "rpm --root " + root + " -ql portpool");
    assertTrue(files.contains("/usr/lib/systemd/system/portpool.service"), files::toString);
    for (String file : files) {
      assertTrue(Files.exists(root.resolve(file.substring(1))), file);
    }
    List<String> said = run(root, "usr/bin/portpool --version");
    assertTrue(said.getFirst().startsWith("portpool, version "), said::toString);
    // The archive of classes is the one that was laid out for these jars, by size and time.
    run(
        root,
        "usr/lib/portpool/runtime/bin/java -Xshare:on -jar usr/lib/portpool/portpool.jar --version");
  }

  @Test
  void scriptsAreFreeOfErrors() throws Exception {
    String scripts = String.join("\n", run(Path.of(""), "rpm -qp --scripts " + rpm));
    Path script =
        Files.writeString(
            root.resolve("scripts"),
            scripts.replaceAll("(?m)^\\w+ .*using /bin/sh\\):$|^\\w+ program: .*$", ""));
    run(Path.of(""), "sh -n " + script);
    assertTrue(scripts.contains("groupadd --system _portpool"), scripts);
  }

  @Test
  void aptAndDnfFindThePackagesInTheRepositories() throws Exception {
    Needs.program("/usr/bin/apt-ftparchive", "apt-utils");
    Needs.program("/usr/bin/createrepo_c", "createrepo-c");
    Path debianPackage = PackageTest.built().toAbsolutePath();
    run(
        Path.of(""),
        "cp -R --parents pom.xml deploy/repository %s && mkdir %s/target && cp %s %s %s/target/"
            .formatted(root, root, debianPackage, rpm, root));
    run(root, "deploy/repository/build");
    Path apt = Files.createDirectories(root.resolve("client"));
    run(apt, "mkdir -p lists/partial archives/partial && touch status");
    Files.writeString(
        apt.resolve("sources"),
        "deb [trusted=yes] file:%s/target/repository/apt stable main".formatted(root));
    String client =
        "apt-get -q -o Dir::State=%1$s -o Dir::State::status=%1$s/status -o Dir::Cache=%1$s -o Dir::Etc::sourcelist=%1$s/sources"
            + " -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root -o APT::Architecture=amd64 ";
    run(apt, client.formatted(apt) + "update");
    run(apt, client.formatted(apt) + "download portpool && cmp portpool_*.deb " + debianPackage);
    String primary =
        String.join("\n", run(root, "zcat target/repository/rpm/repodata/*-primary.xml.gz"));
    assertTrue(primary.contains("<name>portpool</name>"), primary);
    assertTrue(primary.contains(rpm.getFileName().toString()), primary);
  }
}
