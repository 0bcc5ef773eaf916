package io.github.portpool.e2e.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.deploy.ShippedAlerts;
import io.github.portpool.deploy.Yaml;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.PrometheusProcess;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.TestSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A real Prometheus with the shipped rules, a real agent, and a pool that is really exhausted.
 *
 * <p>Time runs faster: a minute of the rules is half a second, and the peak of the last minute is
 * the last sample.
 */
@MostlyWaits
@Order(1)
@ResourceLock(MostlyWaits.FAILED_CONNECTS)
class AlertsTest {
  private static final Path RULES = Path.of("deploy/prometheus/rules");
  private static final Pattern MINUTES = Pattern.compile("(?<=\\[|for: )(\\d+)m\\b");
  private static final int MINUTE_MILLIS = 500;
  private static final int EADDRNOTAVAIL = 99;
  private static final String EVER_FIRING =
      "max by (alertname) (max_over_time(ALERTS{alertstate=\"firing\"}[1h]))";

  @TempDir Path directory;

  @Test
  void exhaustionFiresWhatItShouldAndNothingElse() throws Exception {
    PrometheusProcess.assumeInstalled();
    try (Netns netns = Netns.create()) {
      netns.range(20_000, 20_099);
      netns.call(() -> {
        exhaust();
        return null;
      });
    }
  }

  private void exhaust() throws Exception {
    List<TestSocket> sockets = new ArrayList<>();
    try (AgentProcess agent =
            AgentProcess.start(
                Program.process(
                    "serve",
                    "--web.listen-address=127.0.0.1:10696",
                    "--sample.interval=200ms",
                    "--sample.cpu-budget=100%"));
        PrometheusProcess prometheus = PrometheusProcess.start(9090, configuration())) {
      everyRuleWorks(prometheus);
      fill(sockets);
      Set<String> expected =
          new TreeSet<>(
              Set.of(
                  "PortpoolDestinationExhausted",
                  "PortpoolDestinationNearlyExhausted",
                  "PortpoolSlowConnects",
                  "PortpoolDestinationDominates"));
      prometheus.await("alerts", now -> firing(now).containsAll(expected));
      if (agent.scrape().value("portpool_feature_available{feature=\"connect_failures\"}") == 1) {
        IntStream.range(0, 50).forEach(call -> assertEquals(EADDRNOTAVAIL, connect(sockets)));
        expected.add("PortpoolConnectFailures");
      }
      Yaml alerts = prometheus.await("alerts", now -> firing(now).containsAll(expected));
      assertTexts(alerts);
      sockets.forEach(TestSocket::close);
      prometheus.await("alerts", now -> firing(now).isEmpty());
      assertEquals(expected, everFiring(prometheus));
      everyRuleWorks(prometheus);
    } finally {
      sockets.forEach(TestSocket::close);
    }
  }

  private Path configuration() throws Exception {
    Path rules = Files.createDirectory(directory.resolve("rules"));
    for (String name : List.of("portpool-recording.yml", "portpool-alerts.yml")) {
      Files.writeString(rules.resolve(name), faster(Files.readString(RULES.resolve(name))));
    }
    return Files.writeString(
        directory.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
        rule_files: [rules/*.yml]
        scrape_configs:
          - job_name: portpool
            static_configs:
              - targets: ['127.0.0.1:10696']
        """);
  }

  private static String faster(String rules) {
    String text = rules.replace("for: 1h", "for: 60m").replace(", 3600)", ", 30)");
    if (text.contains("alert:")) {
      text = text.replace("_peak_used_ports", "_used_ports");
    }
    return MINUTES
        .matcher(text)
        .replaceAll(minutes -> Integer.parseInt(minutes.group(1)) * MINUTE_MILLIS + "ms");
  }

  /** Connects until there is no port left. */
  private static void fill(List<TestSocket> sockets) {
    TestSocket server = TestSocket.tcp(false);
    sockets.add(server);
    assertEquals(0, server.bind("127.0.0.1", 80));
    assertEquals(0, server.listen(200));
    int errno = 0;
    while (errno == 0) {
      errno = connect(sockets);
    }
    assertEquals(EADDRNOTAVAIL, errno);
  }

  private static int connect(List<TestSocket> sockets) {
    TestSocket client = TestSocket.tcp(false).resetOnClose();
    sockets.add(client);
    return client.connect("127.0.0.1", 80);
  }

  private static void everyRuleWorks(PrometheusProcess prometheus) throws Exception {
    Yaml groups =
        prometheus.await(
            "rules", now -> rules(now).stream().noneMatch(rule -> health(rule, "unknown")));
    List<Yaml> rules = rules(groups);
    assertEquals(
        ShippedAlerts.recordingRules().size() + ShippedAlerts.thresholds().size(), rules.size());
    rules.forEach(rule -> assertTrue(health(rule, "ok"), rule::dump));
  }

  private static List<Yaml> rules(Yaml data) {
    return data.get("groups").list().stream()
        .flatMap(group -> group.get("rules").list().stream())
        .toList();
  }

  private static boolean health(Yaml rule, String health) {
    return rule.text("health").equals(health);
  }

  private static Set<String> firing(Yaml data) {
    return data.get("alerts").list().stream()
        .filter(alert -> alert.text("state").equals("firing"))
        .map(alert -> alert.get("labels").text("alertname"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertTexts(Yaml data) {
    Yaml alert =
        data.get("alerts").list().stream()
            .filter(
                each -> each.get("labels").text("alertname").equals("PortpoolDestinationExhausted"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Yaml.parse(
            "{alertname: PortpoolDestinationExhausted, severity: critical, component: portpool,"
                + " job: portpool, instance: '127.0.0.1:10696', netns: host, protocol: tcp}"),
        alert.get("labels"));
    assertEquals(
        "Namespace host of 127.0.0.1:10696 had 0 free tcp ports toward its worst destination at"
            + " the worst moment of the last minute: new connections there fail. It is"
            + " 127.0.0.1:80 from 127.0.0.1.",
        alert.get("annotations").text("description"));
  }

  private static Set<String> everFiring(PrometheusProcess prometheus) throws Exception {
    Yaml data = prometheus.await(PrometheusProcess.query(EVER_FIRING), found -> true);
    return data.get("result").list().stream()
        .map(series -> series.get("metric").text("alertname"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
