package io.github.portpool.e2e.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The archives for Windows and macOS, as far as Linux can tell. */
@MostlyWaits
class ArchivesTest {
  @TempDir private Path folder;

  @BeforeEach
  void unpack() throws Exception {
    Needs.program("/usr/bin/zip", "zip");
    Needs.program("/usr/bin/unzip", "unzip");
    assumeTrue(Files.isDirectory(Path.of("target/lib")), "nothing is built: make package");
    String into =
        "cp -R --parents pom.xml *.md LICENSE deploy target/portpool.jar target/lib "
            + folder
            + " && cd "
            + folder
            + " && deploy/archives/build && mkdir windows macos"
            + " && unzip -q -d windows target/portpool-*-windows.zip"
            + " && tar -xzf target/portpool-*-macos.tar.gz -C macos";
    Outcome outcome = Program.run(new ProcessBuilder("sh", "-c", into));
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private Path in(String system) throws Exception {
    try (Stream<Path> folders = Files.list(folder.resolve(system))) {
      return folders.findFirst().orElseThrow();
    }
  }

  private static String said(Outcome outcome) {
    return String.join("\n", outcome.out()) + String.join("\n", outcome.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "macos"})
  void theProgramInsideRunsByOshi(String system) throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(
            Program.java().toString(),
            "@" + in(system).resolve("jvm.options"),
            "-jar",
            in(system).resolve("portpool.jar").toString(),
            "check",
            "--source=oshi");
    Outcome outcome = Program.run(process);
    assertTrue(said(outcome).startsWith("PORTPOOL "), said(outcome));
    assertTrue(outcome.exitCode() < 3, said(outcome));
  }

  @Test
  void theLauncherOfMacOsRuns() throws Exception {
    ProcessBuilder process =
        new ProcessBuilder(in("macos").resolve("portpool").toString(), "--version");
    process.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Outcome outcome = Program.run(process);
    assertTrue(said(outcome).startsWith("portpool, version "), said(outcome));
  }

  @Test
  void whatTheScriptOfWindowsNamesIsThere() throws Exception {
    String script = Files.readString(in("windows").resolve("portpool.cmd"));
    assertEquals(script.lines().count(), script.chars().filter(each -> each == '\r').count());
    Set<String> named =
        Pattern.compile("%~dp0([\\w.]+)")
            .matcher(script)
            .results()
            .map((MatchResult it) -> it.group(1))
            .collect(Collectors.toCollection(HashSet::new));
    assertEquals(Set.of("jvm.options", "portpool.jar"), named);
    for (String file : named) {
      assertTrue(Files.exists(in("windows").resolve(file)), file);
    }
    for (String line : script.lines().toList()) {
      assertEquals(0, line.chars().filter(each -> each == '"').count() % 2, line);
    }
  }

  @Test
  void theDefinitionsOfServicesStartTheLaunchers() throws Exception {
    Document windows = xml(in("windows").resolve("portpool-service.xml"));
    assertEquals(
        "%BASE%\\portpool.cmd",
        windows.getElementsByTagName("executable").item(0).getTextContent());
    Document macOs = xml(in("macos").resolve("io.github.portpool.plist"));
    List<String> words =
        Stream.of(0, 1, 2)
            .map(each -> macOs.getElementsByTagName("string").item(each).getTextContent())
            .toList();
    assertEquals(List.of("io.github.portpool", "/usr/local/portpool/portpool", "serve"), words);
  }

  private static Document xml(Path file) throws Exception {
    DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    builder.setEntityResolver((_, _) -> new InputSource(new StringReader("")));
    return builder.parse(file.toFile());
  }
}
