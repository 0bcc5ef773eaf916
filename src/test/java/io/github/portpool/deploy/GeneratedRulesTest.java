package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and dashboards are what {@code make generate} makes of the table of thresholds. */
@MostlyWaits
class GeneratedRulesTest {
  private static final Path TABLE = Path.of("deploy/prometheus/thresholds.yaml");
  private static final Path GENERATOR = Path.of("src/build/generate");
  private static final Pattern CHAPTER = Pattern.compile("^## (\\w+)$", Pattern.MULTILINE);

  @Test
  void filesAreFresh(@TempDir Path made) throws Exception {
    generate(GENERATOR, made);
    List<Path> files = files(made);
    assertEquals(4, files.size());
    for (Path file : files) {
      assertEquals(
          Files.readString(made.resolve(file)),
          Files.readString(file),
          file + " is stale: run make generate");
    }
  }

  @Test
  void aThresholdReachesAllThatShowIt(@TempDir Path checkout) throws Exception {
    for (String file : List.of("deploy/prometheus/alerts.yaml", GENERATOR.toString())) {
      copy(Path.of(file), checkout);
    }
    for (Path dashboard : files(Path.of("grafana/dashboards"))) {
      copy(Path.of("grafana/dashboards").resolve(dashboard), checkout);
    }
    String table = Files.readString(TABLE);
    assertTrue(table.contains("above: 0.85, for: 5m"), table);
    Files.writeString(
        checkout.resolve(TABLE), table.replace("above: 0.85, for: 5m", "above: 0.83, for: 7m"));
    generate(checkout.resolve(GENERATOR), checkout);
    for (String file :
        List.of(
            "deploy/prometheus/rules/portpool-alerts.yml",
            "grafana/provisioning/alerting/portpool-rules.yml",
            "grafana/dashboards/host.json",
            "grafana/dashboards/fleet.json")) {
      String text = Files.readString(checkout.resolve(file));
      assertTrue(text.contains("0.83"), file);
      assertFalse(text.matches("(?s).*(?:> (?:bool )?|\\[|\"value\": )0\\.85.*"), file);
    }
  }

  private static void copy(Path file, Path checkout) throws IOException {
    Path copy = checkout.resolve(file);
    Files.createDirectories(copy.getParent());
    Files.copy(file, copy);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(directory::relativize).toList();
    }
  }

  private static void generate(Path generator, Path target) throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    Needs.file("/usr/lib/python3/dist-packages/yaml/__init__.py", "python3-yaml");
    Process process =
        new ProcessBuilder("/usr/bin/python3", "-B", generator.toString(), target.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  @Test
  void eachAlertHasAChapterInTheRunbook() throws Exception {
    List<String> chapters =
        CHAPTER
            .matcher(Files.readString(ShippedAlerts.RUNBOOK))
            .results()
            .map(chapter -> chapter.group(1))
            .toList();
    assertEquals(new ArrayList<>(ShippedAlerts.thresholds().keySet()), chapters);
  }

  @Test
  void alertmanagerSilencesAlertsThatExist() throws Exception {
    Set<String> alerts = ShippedAlerts.thresholds().keySet();
    String file = Files.readString(ShippedAlerts.PROMETHEUS.resolve("alertmanager.yml"));
    assertFalse(Yaml.parse(file).get("inhibit_rules").list().isEmpty());
    List<String> named =
        Pattern.compile("alertname=~?\"([^\"]+)\"")
            .matcher(file)
            .results()
            .map(found -> found.group(1))
            .flatMap(names -> List.of(names.split("\\|", -1)).stream())
            .toList();
    assertFalse(named.isEmpty());
    assertTrue(alerts.containsAll(named), named.toString());
  }
}
