package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Needs;
import io.github.portpool.grafana.Dashboard;
import io.github.portpool.oracle.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every query of every panel gives data while the load of the demo exhausts a pool, with a real
 * Prometheus that evaluates the recording rules.
 */
@MostlyWaits
@Order(1)
@ResourceLock(MostlyWaits.FAILED_CONNECTS)
class DashboardLoadTest {
  private static final Path RECORDING =
      Path.of("deploy/prometheus/rules/portpool-recording.yml").toAbsolutePath();
  private static final Path ALERTS = RECORDING.resolveSibling("portpool-alerts.yml");
  private static final InetSocketAddress PROMETHEUS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);
  private static final String PACE = "20";
  private static final long DEADLINE_SECONDS = 180;
  private static final long SHOWN_SECONDS = 60;

  @TempDir Path directory;

  @Test
  void everyQueryGivesData() throws Exception {
    for (String program : List.of("prometheus", "python3")) {
      Needs.program("/usr/bin/" + program, program);
    }
    Needs.program("/usr/sbin/nft", "nftables");
    Assumptions.assumeTrue(Files.exists(RECORDING), RECORDING + " is missing");
    String name = "portpool-load-" + ProcessHandle.current().pid();
    try (Netns loaded = Netns.create();
        Netns watching = Netns.create()) {
      loaded.name(name);
      Process load = loaded.call(() -> start("python3", "-B", "src/demo/load.py", PACE));
      try {
        watching.call(() -> {
          watch(name, load);
          return null;
        });
      } finally {
        stop(load);
      }
    }
  }

  private void watch(String netns, Process load) throws Exception {
    try (AgentProcess agent =
        AgentProcess.serve(
            "--source=linux", // something is not seen, which a panel shows
            "--namespaces=" + netns,
            "--conntrack.dump",
            "--sample.interval=200ms",
            "--sample.cpu-budget=100%")) {
      String instance = "127.0.0.1:" + agent.address().getPort();
      Process prometheus = prometheus(instance);
      try {
        awaitData(queries(instance, netns), load);
      } finally {
        stop(prometheus);
      }
    }
  }

  /** The queries of both dashboards, that of the fleet for all hosts and namespaces. */
  private static List<Asked> queries(String instance, String netns) throws IOException {
    List<Asked> queries = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      boolean fleet = dashboard.toString().equals("fleet.json");
      Map<String, String> variables =
          Map.of(
              "$job",
              "portpool",
              "$instance",
              fleet ? ".*" : instance,
              "$netns",
              fleet ? ".*" : netns,
              "$__rate_interval",
              "5s",
              "$__range",
              SHOWN_SECONDS + "s");
      for (Dashboard.Query query : dashboard.queries()) {
        queries.add(new Asked(query, query.with(variables)));
      }
    }
    return queries;
  }

  /** A query with values for variables. */
  private record Asked(Dashboard.Query query, String expression) {
    String path() {
      String encoded = "query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
      if (query.instant()) {
        return "/api/v1/query?" + encoded;
      }
      long now = Instant.now().getEpochSecond();
      long start = now - SHOWN_SECONDS;
      return "/api/v1/query_range?" + encoded + "&step=1&start=" + start + "&end=" + now;
    }
  }

  private void awaitData(List<Asked> queries, Process load) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    List<Asked> empty = queries;
    while (!empty.isEmpty() && load.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(500);
      List<Asked> still = new ArrayList<>();
      for (Asked asked : empty) {
        if (!hasData(asked)) {
          still.add(asked);
        }
      }
      empty = still;
    }
    assertEquals(List.of(), empty, () -> log("python3") + log("prometheus"));
  }

  private static boolean hasData(Asked asked) {
    String text;
    try {
      Http.Answer answered = new Http(PROMETHEUS).get(asked.path());
      if (answered.status() == 503) {
        return false; // Prometheus still starts
      }
      text = answered.text();
    } catch (IOException e) {
      return false; // or does not listen yet
    }
    JsonObject answer = new Gson().fromJson(text, JsonObject.class);
    assertEquals("success", answer.get("status").getAsString(), asked + ": " + text);
    JsonArray result = answer.getAsJsonObject("data").getAsJsonArray("result");
    return !result.isEmpty();
  }

  /** Scrapes the agent, and another that is down. */
  private Process prometheus(String instance) throws IOException {
    Path configuration = directory.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: ['%s', '%s']
        scrape_configs:
          - job_name: portpool
            static_configs:
              - targets: ['%s', '127.0.0.1:1']
        """
            .formatted(RECORDING, ALERTS, instance));
    return start(
        "prometheus",
        "--config.file=" + configuration,
        "--storage.tsdb.path=" + directory.resolve("data"),
        "--web.listen-address=127.0.0.1:" + PROMETHEUS.getPort());
  }

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(command[0] + ".log").toFile())
        .start();
  }

  private String log(String name) {
    try {
      return "\n" + Files.readString(directory.resolve(name + ".log"));
    } catch (IOException e) {
      return "\n" + e;
    }
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
  }
}
