package io.github.portpool.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the agent, in a namespace whose pool is partly used. */
class PrometheusTest {
  private static final String PROMETHEUS = "/usr/bin/prometheus";
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);
  private static final Pattern VALUE = Pattern.compile("\"value\":\\[[^,]+,\"([^\"]+)\"]");
  private static final String[] QUERIES = {
    "portpool_capacity_ports{netns=\"host\"}",
    "portpool_worst_destination_free_ports{netns=\"host\",protocol=\"tcp\"}",
    "portpool_worst_destination_free_ports{netns=\"host\",protocol=\"udp\"}",
    "portpool_sockets{netns=\"host\",protocol=\"tcp\",state=\"time_wait\"}",
    "portpool_destination_used_ports{destination=\"[::1]:80\",netns=\"host\",protocol=\"tcp\","
        + "source=\"::1\"}",
  };

  @TempDir Path directory;

  @Test
  void prometheusStoresWhatTheAgentServes() throws Exception {
    Needs.program(PROMETHEUS, "prometheus");
    try (SmallHost host = SmallHost.create()) {
      host.call(() -> {
        scraped();
        return null;
      });
    }
  }

  private void scraped() throws Exception {
    try (AgentProcess agent = AgentProcess.serve("--sample.interval=1h")) {
      Process prometheus = prometheus(agent.address());
      try {
        assertEquals(1, query("up"));
        Scrape scrape = agent.scrape();
        for (String query : QUERIES) {
          assertEquals(scrape.value(query), query(query), query);
        }
        assertEquals(99, query("portpool_capacity_ports"));
      } finally {
        prometheus.destroy();
        if (!prometheus.waitFor(10, TimeUnit.SECONDS)) {
          prometheus.destroyForcibly().waitFor();
        }
      }
    }
  }

  private Process prometheus(InetSocketAddress agent) throws IOException {
    Path configuration = directory.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: portpool
            static_configs:
              - targets: ['127.0.0.1:%d']
        """
            .formatted(agent.getPort()));
    return new ProcessBuilder(
            PROMETHEUS,
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + ADDRESS.getPort())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("prometheus.log").toFile())
        .start();
  }

  /** The one value that a query gives, when there is one. */
  private double query(String query) throws Exception {
    String path = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String answer = "";
    while (System.nanoTime() < deadline) {
      try {
        answer = new Http(ADDRESS).get(path).text();
      } catch (IOException e) {
        answer = e.toString();
      }
      Matcher value = VALUE.matcher(answer);
      if (value.find()) {
        return Double.parseDouble(value.group(1));
      }
      Thread.sleep(100);
    }
    throw new AssertionError(
        query + ": " + answer + Files.readString(directory.resolve("prometheus.log")));
  }
}
