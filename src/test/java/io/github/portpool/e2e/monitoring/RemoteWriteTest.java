package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.deploy.Yaml;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.PrometheusProcess;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.e2e.SmallHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of a number past one Prometheus: a collector in agent mode, the receiver that evaluates
 * the rules, and the store that gets what they record. All have the shipped configurations.
 */
@MostlyWaits
class RemoteWriteTest {
  private static final Path SHIPPED = Path.of("deploy/prometheus");
  private static final int RECEIVER = 9090;
  private static final int STORE = 9091;
  private static final int COLLECTOR = 9092;
  private static final String ACCEPT = "--web.enable-remote-write-receiver";

  @TempDir Path directory;

  @Test
  void collectorReceiverAndStoreHaveWhatTheyShould() throws Exception {
    PrometheusProcess.assumeInstalled();
    try (SmallHost host = SmallHost.create()) {
      host.call(() -> {
        written();
        return null;
      });
    }
  }

  private void written() throws Exception {
    try (AgentProcess agent = AgentProcess.serve("--sample.interval=1h");
        PrometheusProcess store = PrometheusProcess.start(STORE, store(), ACCEPT);
        PrometheusProcess receiver = PrometheusProcess.start(RECEIVER, receiver(), ACCEPT);
        PrometheusProcess collector =
            PrometheusProcess.start(
                COLLECTOR, collector(agent.address().getPort()), "--enable-feature=agent")) {
      collector.await("targets", now -> !now.get("activeTargets").list().isEmpty());
      assertEquals(1, receiver.value("up{job=\"portpool\"}"));
      Scrape scrape = agent.scrape();
      for (String series :
          List.of(
              "portpool_capacity_ports{netns=\"host\"}",
              "portpool_worst_destination_free_ports{netns=\"host\",protocol=\"tcp\"}")) {
        assertEquals(scrape.value(series), receiver.value(series), series);
      }
      String recorded =
          "instance_netns_protocol:portpool_worst_destination_used_ports:ratio{protocol=\"tcp\"}";
      double used =
          scrape.value("portpool_worst_destination_used_ports{netns=\"host\",protocol=\"tcp\"}");
      assertEquals(used / 99, receiver.value(recorded));
      assertEquals(used / 99, store.value(recorded));
      for (Yaml name : store.await("label/__name__/values", names -> true).list()) {
        assertTrue(name.text().matches("[a-z_]+:portpool_.+|ALERTS"), name.text());
      }
    }
  }

  private Path store() throws Exception {
    return Files.writeString(directory.resolve("store.yml"), "global: {}\n");
  }

  private Path receiver() throws Exception {
    Path rules = Files.createDirectory(directory.resolve("rules"));
    Path recording = Path.of("rules/portpool-recording.yml");
    Files.copy(SHIPPED.resolve(recording), rules.resolve(recording.getFileName()));
    String shipped = Files.readString(SHIPPED.resolve("receiver.yml"));
    return Files.writeString(
        directory.resolve("receiver.yml"),
        pointed(shipped, "http://mimir.example.org:8080/api/v1/push", STORE)
            .replace("evaluation_interval: 30s", "evaluation_interval: 1s"));
  }

  private Path collector(int agent) throws Exception {
    Path targets = Files.createDirectory(directory.resolve("targets"));
    Files.writeString(targets.resolve("host.yml"), "- targets: ['127.0.0.1:" + agent + "']\n");
    String shipped = Files.readString(SHIPPED.resolve("agent.yml"));
    return Files.writeString(
        directory.resolve("agent.yml"),
        pointed(shipped, "http://receiver.example.org:9090/api/v1/write", RECEIVER)
            .replace("scrape_interval: 30s", "scrape_interval: 1s\n  scrape_timeout: 1s")
            .replace("modulus: 2", "modulus: 1"));
  }

  private static String pointed(String shipped, String url, int port) {
    assertTrue(shipped.contains("url: " + url), shipped);
    return shipped.replace("url: " + url, "url: http://127.0.0.1:" + port + "/api/v1/write");
  }
}
