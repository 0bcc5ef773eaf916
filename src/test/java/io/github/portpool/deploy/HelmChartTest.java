package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.marcnuri.helm.LintResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm makes of the chart, held against Kubernetes' types and the program's options. */
class HelmChartTest {
  private static final String EVERYTHING =
      """
      image: {digest: 'sha256:%s'}
      imagePullSecrets: [{name: registry}]
      features: {processes: true, namespaces: true, failures: true, nat: true, exact: true}
      port: 20696
      options: {sample.interval: 10s, destinations.top: 20, web.disable-exporter-metrics: true}
      env: [{name: JDK_JAVA_OPTIONS, value: -Xmx64m}]
      web: {tlsSecret: portpool-tls}
      serviceAccount: {annotations: {a: b}}
      service: {annotations: {a: b}}
      podMonitor:
        enabled: true
        labels: {release: prometheus}
        scheme: https
        tlsConfig: {insecureSkipVerify: true}
        basicAuth: {username: {name: portpool, key: user}, password: {name: portpool, key: word}}
      prometheusRule: {enabled: true, labels: {release: prometheus}}
      dashboards: {enabled: true, annotations: {grafana_folder: portpool}}
      podLabels: {team: net}
      podAnnotations: {a: b}
      priorityClassName: system-node-critical
      affinity: {nodeAffinity: {}}
      """
          .formatted("0".repeat(64));

  @TempDir Path scratch;

  private Manifests render(String values) throws Exception {
    return new Chart(scratch).render(values);
  }

  @Test
  void helmFindsNoFault() {
    LintResult result = new Chart(scratch).lint();
    assertFalse(result.isFailed(), () -> String.valueOf(result.getMessages()));
  }

  @Test
  void itIsTheVersionOfTheProgram() throws Exception {
    String version = Yaml.read(Chart.DIRECTORY.resolve("Chart.yaml")).text("appVersion");
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(
        pom.contains("<artifactId>portpool</artifactId>\n  <version>" + version + "<"), version);
    assertEquals("ghcr.io/portpool/portpool:" + version, render("").container().text("image"));
  }

  @Test
  void byDefaultItIsAnOrdinaryUser() throws Exception {
    Manifests manifests = render("");
    assertEquals(List.of("DaemonSet", "Service", "ServiceAccount"), manifests.kinds());
    assertEquals(List.of(), manifests.capabilities());
    Yaml security = manifests.container().get("securityContext");
    assertEquals("true", security.text("runAsNonRoot"));
    assertEquals("true", security.text("readOnlyRootFilesystem"));
    assertEquals("false", security.text("allowPrivilegeEscalation"));
    assertEquals("true", manifests.pod().text("hostNetwork"));
    assertEquals("false", manifests.pod().text("hostPID", "false"));
    assertEquals("false", manifests.pod().text("automountServiceAccountToken"));
    CommandLines.check(manifests.arguments());
  }

  @ParameterizedTest
  @CsvSource({
    "processes, DAC_READ_SEARCH SYS_PTRACE, true, cgroup",
    "namespaces, SYS_ADMIN SYS_PTRACE, true, cgroup",
    "failures, DAC_READ_SEARCH PERFMON, true, cgroup tracing",
    "nat, NET_ADMIN, false, cgroup",
    "exact, BPF PERFMON, false, cgroup"
  })
  void aFeatureGivesTheCapabilitiesThatItNeedsAndNoOthers(
      String feature, String capabilities, String hostPid, String volumes) throws Exception {
    Manifests manifests = render("features: {" + feature + ": true}");
    assertEquals(List.of(capabilities.split(" ", -1)), manifests.capabilities());
    assertEquals("0", manifests.container().get("securityContext").text("runAsUser"));
    assertEquals(hostPid, manifests.pod().text("hostPID", "false"));
    assertEquals(
        List.of(volumes.split(" ", -1)),
        manifests.pod().get("volumes").list().stream().map(each -> each.text("name")).toList());
    CommandLines.check(manifests.arguments());
  }

  @Test
  void everythingSwitchedOn() throws Exception {
    Manifests manifests = render(EVERYTHING);
    assertEquals(
        List.of("BPF", "DAC_READ_SEARCH", "NET_ADMIN", "PERFMON", "SYS_ADMIN", "SYS_PTRACE"),
        manifests.capabilities());
    List<String> arguments = manifests.arguments();
    CommandLines.check(arguments);
    assertTrue(arguments.contains("--sample.interval=10s"), () -> "" + arguments);
    assertTrue(arguments.contains("--destinations.top=20"), () -> "" + arguments);
    assertFalse(arguments.contains("--failures.disable"), () -> "" + arguments);
    assertTrue(manifests.container().text("image").contains("@sha256:"));
  }

  @Test
  void rulesAndDashboardsAreThoseOfTheRepository() throws Exception {
    Manifests manifests = render(EVERYTHING);
    List<Yaml> rules =
        manifests.of("PrometheusRule").stream().map(rule -> rule.get("spec")).toList();
    assertEquals(
        List.of(
            Yaml.read(ShippedAlerts.PROMETHEUS.resolve("rules/portpool-alerts.yml")),
            Yaml.read(ShippedAlerts.PROMETHEUS.resolve("rules/portpool-recording.yml"))),
        rules);
    for (String dashboard : List.of("fleet", "host")) {
      Yaml map =
          manifests.of("ConfigMap").stream()
              .filter(each ->
                  each.get("metadata").text("name").equals("portpool-dashboard-" + dashboard))
              .findFirst()
              .orElseThrow();
      assertEquals("1", map.get("metadata").get("labels").text("grafana_dashboard"));
      assertEquals(
          Files.readString(Path.of("grafana/dashboards", dashboard + ".json")).strip(),
          map.get("data").text("portpool-" + dashboard + ".json").strip());
    }
  }

  /** The names that rules and dashboards go by. */
  @Test
  void thePodMonitorNamesTheNode() throws Exception {
    Manifests manifests = render(EVERYTHING);
    Yaml monitor = manifests.one("PodMonitor").get("spec");
    Yaml labels =
        manifests.one("DaemonSet").get("spec").get("template").get("metadata").get("labels");
    Map<String, Yaml> selected = monitor.get("selector").get("matchLabels").map();
    assertFalse(selected.isEmpty());
    selected.forEach((label, value) -> assertEquals(labels.text(label), value.text()));
    Yaml endpoint = monitor.get("podMetricsEndpoints").list().getFirst();
    assertEquals(
        manifests.container().get("ports").list().getFirst().text("name"), endpoint.text("port"));
    assertEquals("instance", endpoint.get("relabelings").list().getFirst().text("targetLabel"));
  }

  @Test
  void aServiceMonitorScrapesTheServiceAsThePodMonitorThePods() throws Exception {
    Manifests manifests =
        render(
            EVERYTHING
                + EVERYTHING
                    .substring(EVERYTHING.indexOf("podMonitor:"))
                    .lines()
                    .limit(6)
                    .collect(Collectors.joining("\n"))
                    .replace("podMonitor", "serviceMonitor"));
    Yaml monitor = manifests.one("ServiceMonitor").get("spec");
    Yaml labels = manifests.one("Service").get("metadata").get("labels");
    Map<String, Yaml> selected = monitor.get("selector").get("matchLabels").map();
    assertFalse(selected.isEmpty());
    selected.forEach((label, value) -> assertEquals(labels.text(label), value.text()));
    Yaml endpoint = monitor.get("endpoints").list().getFirst();
    assertEquals(
        manifests.one("PodMonitor").get("spec").get("podMetricsEndpoints").list().getFirst().dump(),
        endpoint.dump());
    assertEquals(
        endpoint.text("port"),
        manifests.one("Service").get("spec").get("ports").list().getFirst().text("name"));
  }

  @Test
  void theWebConfigurationIsASecretFile() throws Exception {
    String hash = "$2y$10$" + "a".repeat(53);
    String config =
        """
        tls_server_config: {cert_file: /etc/portpool/tls/tls.crt, key_file: /etc/portpool/tls/tls.key}
        basic_auth_users: {prometheus: '%s'}
        """
            .formatted(hash);
    Manifests manifests = render("web:\n  tlsSecret: own\n  config:\n" + config.indent(4));
    Yaml secret = manifests.one("Secret");
    assertEquals(Yaml.parse(config), Yaml.parse(secret.get("stringData").text("web-config.yml")));
    assertTrue(
        manifests.arguments().contains("--web.config.file=/etc/portpool/web/web-config.yml"));
    assertEquals(
        secret.get("metadata").text("name"),
        volume(manifests, "web").get("secret").text("secretName"));
    assertEquals("own", volume(manifests, "tls").get("secret").text("secretName"));
    assertEquals(
        "metrics", manifests.container().get("readinessProbe").get("tcpSocket").text("port"));
  }

  @Test
  void aSecretOfOnesOwnIsTakenInstead() throws Exception {
    Manifests manifests = render("web: {existingSecret: mine}");
    assertEquals(List.of(), manifests.of("Secret"));
    assertEquals("mine", volume(manifests, "web").get("secret").text("secretName"));
  }

  private static Yaml volume(Manifests manifests, String name) {
    return manifests.pod().get("volumes").list().stream()
        .filter(volume -> volume.text("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "feature: {processes: true}",
        "features: {process: true}",
        "features: {processes: 'yes'}",
        "port: 0",
        "port: http",
        "image: {digest: latest}",
        "image: {pullPolicy: Sometimes}",
        "options: {namespaces: all}",
        "options: {--sample.interval: 10s}",
        "options: {sample.interval: [10s]}",
        "web: {config: {basic_auth: {}}}",
        "web: {config: {basic_auth_users: {prometheus: secret}}}",
        "podMonitor: {interval: often}",
        "resources: {limit: {memory: 128Mi}}"
      })
  void valuesThatMeanNothingAreRefused(String values) {
    Exception refused = assertThrows(Exception.class, () -> render(values));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("don't meet the specifications of the schema"),
        () -> "" + refused);
  }
}
