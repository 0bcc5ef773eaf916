package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make package} has made: sound, and made again the same to the last byte. */
@MostlyWaits
@Order(2)
class PackageBuildTest {
  private static final Path CHECKOUT = Path.of("");
  private static final String SOURCES = "git ls-files -z --cached --others --exclude-standard";

  @Test
  void lintianHasNothingToSay() throws Exception {
    Needs.program("/usr/bin/lintian", "lintian");
    assertEquals("", run(CHECKOUT, "lintian --allow-root " + PackageTest.built()));
  }

  @Test
  void everyLibraryIsNamedWithItsLicence() throws Exception {
    Set<String> jars = new TreeSet<>(files("lib"));
    Set<String> named = new TreeSet<>();
    Pattern files = Pattern.compile("(?m)^Files: (.*usr/lib/portpool/lib/.*)$");
    for (MatchResult stanza :
        files.matcher(Files.readString(folder().resolve("copyright"))).results().toList()) {
      for (String pattern : stanza.group(1).split(" ", -1)) {
        String glob = pattern.replace("usr/lib/portpool/lib/", "glob:");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(glob);
        List<String> matches = jars.stream().filter(jar -> matcher.matches(Path.of(jar))).toList();
        assertFalse(matches.isEmpty(), pattern + " is none of the libraries");
        named.addAll(matches);
      }
    }
    assertEquals(jars, named);
  }

  @Test
  void theBillOfMaterialsHasWhatIsInIt() throws Exception {
    JsonObject bill =
        new Gson()
            .fromJson(Files.readString(folder().resolve("portpool.cdx.json")), JsonObject.class);
    assertEquals("CycloneDX", bill.get("bomFormat").getAsString());
    Set<String> components = new TreeSet<>();
    for (JsonElement each : bill.getAsJsonArray("components")) {
      JsonObject component = each.getAsJsonObject();
      assertFalse(component.getAsJsonArray("licenses").isEmpty(), component.toString());
      components.add(
          component.get("name").getAsString()
              + "-"
              + component.get("version").getAsString()
              + ".jar");
    }
    assertEquals(new TreeSet<>(files("lib")), components);
  }

  /** The title line holds the page's name, section, date, source and manual. */
  @Test
  void footersOfManualPagesHaveRoom() throws Exception {
    for (String page : files("man/man1")) {
      String text = Files.readString(folder().resolve("man/man1").resolve(page));
      Matcher title =
          Pattern.compile("(?m)^\\.TH \"[^\"]+\" \"1\" \"([^\"]*)\" \"([^\"]*)\"").matcher(text);
      assertTrue(title.find(), page);
      assertTrue(title.group(2).matches("portpool \\S+"), title.group());
      for (String section : List.of("EXAMPLES", "FILES", "ENVIRONMENT", "SEE ALSO")) {
        assertTrue(text.contains(".SH \"" + section + "\""), page + " " + section);
      }
      assertTrue(title.group(1).length() + title.group(2).length() < 40, title.group());
    }
  }

  private static Path folder() throws Exception {
    PackageTest.built();
    try (Stream<Path> folders = Files.list(Path.of("target", "package"))) {
      return folders
          .filter(each -> each.getFileName().toString().startsWith("portpool-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<String> files(String below) throws Exception {
    try (Stream<Path> files = Files.list(folder().resolve(below))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
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
    run(copy, "MAVEN_ARGS=-Dportpool.unchecked deploy/package/build 2>&1");
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
          .filter(file ->
              file.getFileName()
                  .toString()
                  .endsWith("-linux-" + PackageTest.ARCHITECTURE + ".tar.gz"))
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
