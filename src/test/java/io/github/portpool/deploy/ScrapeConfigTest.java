package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.portpool.MostlyWaits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus makes of the configurations that are shipped. */
class ScrapeConfigTest {
  private static final int HOSTS = 40;
  private static final String KUBERNETES = "prometheus-kubernetes.yml";
  private static final Pattern DISCOVERY =
      Pattern.compile("    kubernetes_sd_configs:\n      - role: pod\n(?: {8}.*\n| {10}.*\n)*");
  private static final Pattern TARGET =
      Pattern.compile(
          "\"labels\": \\{[^}]*\"__address__\": \"([^\"]*)\"[^}]*\"instance\": \"([^\"]*)\"");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"prometheus.yml", "prometheus-file-sd.yml", "receiver.yml"})
  @MostlyWaits
  void promtoolAcceptsIt(String file) throws Exception {
    Promtool.run(ShippedAlerts.PROMETHEUS, "check", "config", file);
  }

  @Test
  @MostlyWaits
  void promtoolAcceptsTheAgentModes() throws Exception {
    Promtool.run(ShippedAlerts.PROMETHEUS, "check", "config", "--agent", "agent.yml");
  }

  /** Debian's Prometheus cannot discover pods, so that here files say what it would find. */
  @Test
  @MostlyWaits
  void aPodOfTheDaemonSetIsScrapedOnceByTheNameOfItsNode() throws Exception {
    String shipped = Files.readString(ShippedAlerts.PROMETHEUS.resolve(KUBERNETES));
    Yaml scrape = Yaml.parse(shipped).get("scrape_configs").list().getFirst();
    assertEquals("pod", scrape.get("kubernetes_sd_configs").list().getFirst().text("role"));
    String scrapes = "scrape_configs:" + shipped.split("\nscrape_configs:", -1)[1];
    String configuration =
        DISCOVERY.matcher(scrapes).replaceFirst("    file_sd_configs: [files: [pods.json]]\n");
    assertFalse(configuration.contains("kubernetes_sd_configs"), configuration);
    Files.writeString(directory.resolve("kubernetes.yml"), configuration);
    Files.writeString(
        directory.resolve("pods.json"),
        "["
            + String.join(
                ",",
                pod("10.1.0.7:10696", "10.1.0.7", "node-a", "Running"),
                pod("[fd00::8]:9999", "fd00::8", "node-b", "Running"),
                pod("10.1.0.9:10696", "10.1.0.9", "node-c", "Succeeded"))
            + "]");
    assertEquals(
        Map.of("node-a", "10.1.0.7:10696", "node-b", "[fd00::8]:10696"),
        discovered("kubernetes.yml"));
  }

  private static String pod(String address, String ip, String node, String phase) {
    return """
    {"targets": ["%s"], "labels": {"__meta_kubernetes_pod_ip": "%s",
     "__meta_kubernetes_pod_node_name": "%s", "__meta_kubernetes_pod_phase": "%s"}}
    """
        .formatted(address, ip, node, phase);
  }

  @Test
  void everyHostBelongsToOneShard() throws Exception {
    Path targets = Files.createDirectory(directory.resolve("targets"));
    String hosts =
        IntStream.range(0, HOSTS)
            .mapToObj(host -> "host-" + host + ":10696")
            .collect(Collectors.joining(",", "- targets: [", "]\n"));
    Files.writeString(targets.resolve("hosts.yml"), hosts);
    String shipped = Files.readString(ShippedAlerts.PROMETHEUS.resolve("agent.yml"));
    List<String> scraped = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      String file = "agent-" + shard + ".yml";
      Files.writeString(
          directory.resolve(file), shipped.replace("regex: \"0\"", "regex: \"" + shard + "\""));
      Map<String, String> found = discovered(file);
      assertFalse(found.isEmpty());
      scraped.addAll(found.keySet());
    }
    assertEquals(HOSTS, scraped.size());
    assertEquals(HOSTS, scraped.stream().distinct().count());
  }

  /** The addresses that are scraped, by instance. */
  private Map<String, String> discovered(String file) throws Exception {
    String output =
        Promtool.run(directory, "check", "service-discovery", "--timeout=2s", file, "portpool");
    Map<String, String> targets = new TreeMap<>();
    for (MatchResult target : TARGET.matcher(output).results().toList()) {
      targets.put(target.group(2), target.group(1));
    }
    return targets;
  }
}
