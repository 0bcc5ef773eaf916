package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Compose file, as far as it can be judged without its images. */
class ComposeTest {
  private static final Path FILE = Path.of("deploy/compose/compose.yaml");

  private static Map<String, Yaml> services() throws Exception {
    return Yaml.read(FILE).get("services").map();
  }

  @Test
  void theProgramUnderstandsItsCommand() throws Exception {
    CommandLines.check(
        services().get("agent").get("command").list().stream().map(Yaml::text).toList());
  }

  /** Docker's default seccomp profile allows bpf(2) with CAP_BPF, and both read the tables. */
  @Test
  void theAgentMayReadTheKernelsTables() throws Exception {
    List<String> added =
        services().get("agent").get("cap_add").list().stream().map(Yaml::text).toList();
    assertTrue(added.containsAll(List.of("BPF", "PERFMON")), added::toString);
  }

  @Test
  void whatIsMountedIsThere() throws Exception {
    for (Yaml service : services().values()) {
      for (Yaml volume : service.get("volumes").list()) {
        String source = volume.text("source");
        boolean there =
            volume.text("type").equals("volume")
                ? Yaml.read(FILE).get("volumes").map().containsKey(source)
                : source.startsWith("/sys/") || Files.isDirectory(FILE.resolveSibling(source));
        assertTrue(there, source);
      }
    }
  }

  @Test
  void everyImageHasAVersion() throws Exception {
    assertEquals(3, services().size());
    services()
        .values()
        .forEach(service -> {
          String image = service.text("image");
          assertTrue(image.matches(".*:(v?\\d+\\.\\d+\\.\\d+)(-SNAPSHOT)?}?"), image);
        });
  }

  @Test
  void theAgentsImageIsTheOneThatIsBuilt() throws Exception {
    String version = Yaml.read(Chart.DIRECTORY.resolve("Chart.yaml")).text("appVersion");
    String image = services().get("agent").text("image");
    assertEquals("${PORTPOOL_IMAGE:-ghcr.io/portpool/portpool:" + version + "}", image);
    String script = Files.readString(Path.of("deploy/image/build"));
    assertTrue(script.contains(" --tag \"ghcr.io/portpool/portpool:$version\""), script);
  }

  /** Where Grafana's provisioning looks for the dashboards, and for Prometheus. */
  @Test
  void grafanaFindsDashboardsAndPrometheus() throws Exception {
    String path =
        Yaml.read(Path.of("grafana/provisioning/dashboards/portpool.yml"))
            .get("providers")
            .list()
            .getFirst()
            .get("options")
            .text("path");
    assertTrue(
        services().get("grafana").get("volumes").list().stream()
            .anyMatch(volume -> volume.text("target").equals(path)));
    String url =
        Yaml.read(Path.of("grafana/provisioning/datasources/prometheus.yml"))
            .get("datasources")
            .list()
            .getFirst()
            .text("url");
    assertEquals("http://localhost:9090", url);
    assertTrue(
        services().get("prometheus").get("command").list().stream()
            .anyMatch(each -> each.text().equals("--web.listen-address=127.0.0.1:9090")));
  }
}
