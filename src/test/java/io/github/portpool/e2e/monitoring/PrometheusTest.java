package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.PrometheusProcess;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.e2e.SmallHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the agent, in a namespace whose pool is partly used. */
@MostlyWaits
class PrometheusTest {
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
    PrometheusProcess.assumeInstalled();
    try (SmallHost host = SmallHost.create()) {
      host.call(() -> {
        scraped();
        return null;
      });
    }
  }

  private void scraped() throws Exception {
    try (AgentProcess agent = AgentProcess.serve("--sample.interval=1h");
        PrometheusProcess prometheus =
            PrometheusProcess.start(9090, configuration(agent.address()))) {
      assertEquals(1, prometheus.value("up"));
      Scrape scrape = agent.scrape();
      for (String query : QUERIES) {
        assertEquals(scrape.value(query), prometheus.value(query), query);
      }
      assertEquals(99, prometheus.value("portpool_capacity_ports"));
    }
  }

  private Path configuration(InetSocketAddress agent) throws IOException {
    return Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: portpool
            static_configs:
              - targets: ['127.0.0.1:%d']
        """
            .formatted(agent.getPort()));
  }
}
