package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.MostlyWaits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kustomize makes of the plain manifests: the same pods as the chart's. */
@MostlyWaits
class KustomizeTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({
    "base, features: {}",
    "exact, 'features: {exact: true}'",
    "full, 'features: {processes: true, namespaces: true, failures: true, exact: true}'"
  })
  void thePodsAreThoseOfTheChart(String folder, String values) throws Exception {
    Manifests plain = Manifests.parse(kustomize(folder));
    assertEquals(List.of("DaemonSet", "Namespace", "Service", "ServiceAccount"), plain.kinds());
    assertEquals(sorted(new Chart(scratch).render(values).pod()), sorted(plain.pod()));
    CommandLines.check(plain.arguments());
    plain
        .all()
        .forEach(each ->
            assertEquals(
                "portpool",
                each.get("metadata").text("namespace", each.get("metadata").text("name"))));
  }

  /** The same without an order of keys, and of mounts and volumes. */
  private static String sorted(Yaml value) {
    if (value.value() instanceof Map) {
      Map<String, String> entries = new TreeMap<>();
      value.map().forEach((key, each) -> entries.put(key, sorted(each)));
      return entries.toString();
    }
    if (value.value() instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      return value.list().stream().map(KustomizeTest::sorted).sorted().toList().toString();
    }
    return value.value() instanceof List
        ? value.list().stream().map(KustomizeTest::sorted).toList().toString()
        : value.text();
  }

  private static String kustomize(String folder) throws Exception {
    Assumptions.assumeTrue(
        runs("kubectl", "version", "--client").contains("Kustomize Version: v5"),
        "kubectl with kustomize 5 is missing: install it");
    return runs("kubectl", "kustomize", "deploy/kubernetes/" + folder);
  }

  private static String runs(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of(command)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor());
      return output;
    } catch (IOException e) {
      return ""; // it is not there
    }
  }
}
