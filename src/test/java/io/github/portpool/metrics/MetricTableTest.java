package io.github.portpool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The names that dashboards, alerts and other people's queries are built on. */
class MetricTableTest {
  /** Kind, name and labels. A line that changes here breaks somebody's dashboard. */
  private static final String CONTRACT =
      """
      counter portpool_connect_failures_by_process_total netns process cgroup destination
      counter portpool_connect_failures_lost_total reason
      counter portpool_connect_failures_total family
      counter portpool_conntrack_drops_total netns
      counter portpool_conntrack_insert_failed_total netns
      counter portpool_otlp_exports_total outcome
      counter portpool_sample_cpu_seconds_total
      counter portpool_sample_errors_total source reason
      gauge portpool_bind_free_ports netns protocol
      gauge portpool_blocked_ports netns protocol reason
      gauge portpool_capacity_ports netns
      gauge portpool_conntrack_entries netns
      gauge portpool_conntrack_limit netns
      gauge portpool_destination_closed_connections_per_second netns protocol source destination
      gauge portpool_destination_exhaustion_seconds netns protocol source destination
      gauge portpool_destination_free_ports netns protocol source destination
      gauge portpool_destination_sustainable_connections_per_second netns protocol source destination
      gauge portpool_destination_used_ports netns protocol source destination
      gauge portpool_destinations netns protocol
      gauge portpool_exhausted_destinations netns protocol
      gauge portpool_feature_available feature
      gauge portpool_hidden_processes
      gauge portpool_listeners netns protocol range
      gauge portpool_listening_ports netns protocol range
      gauge portpool_namespaces
      gauge portpool_nat_worst_destination_used_ports netns protocol
      gauge portpool_owner_used_ports netns protocol cgroup unit container pod
      gauge portpool_range_first_port netns
      gauge portpool_range_last_port netns
      gauge portpool_range_listeners netns protocol reserved
      gauge portpool_reserved_ports netns
      gauge portpool_sample_duration_seconds netns
      gauge portpool_sample_interval_seconds
      gauge portpool_sample_sockets netns
      gauge portpool_sample_success netns
      gauge portpool_sample_timestamp_seconds netns
      gauge portpool_slow_destinations netns protocol
      gauge portpool_sockets netns protocol state
      gauge portpool_sockstat_sockets netns
      gauge portpool_tcp_fin_timeout_seconds netns
      gauge portpool_tcp_max_tw_buckets netns
      gauge portpool_tcp_timestamps netns
      gauge portpool_tcp_tw_reuse netns
      gauge portpool_untracked_destination_sockets netns
      gauge portpool_untracked_listeners netns
      gauge portpool_untracked_namespaces
      gauge portpool_untracked_owner_sockets netns
      gauge portpool_used_ports netns protocol
      gauge portpool_worst_destination_free_ports netns protocol
      gauge portpool_worst_destination_peak_used_ports netns protocol
      gauge portpool_worst_destination_used_ports netns protocol
      info portpool_build_info version revision java source
      info portpool_range_listener_info netns protocol port process pid user cgroup reserved
      """;

  @Test
  void namesAndLabelsAreTheContract() {
    String catalogue =
        MetricTable.FAMILIES.stream()
            .map(MetricTableTest::line)
            .sorted()
            .collect(Collectors.joining());
    assertEquals(CONTRACT, catalogue);
  }

  private static String line(MetricFamily family) {
    String labels = family.labels().stream().map(" "::concat).collect(Collectors.joining());
    return family.kind().name().toLowerCase(Locale.ROOT) + " " + family.name() + labels + "\n";
  }

  @Test
  void everyMetricHasASentenceOfHelpThatStandsAlone() {
    Set<String> seen = new HashSet<>();
    for (MetricFamily family : MetricTable.FAMILIES) {
      String help = family.help();
      assertTrue(help.matches("[A-Za-z_].{20,}\\."), family.name() + ": " + help);
      assertFalse(help.matches("(?i)(?:the|those of the) same\\b.*"), family.name() + ": " + help);
      assertTrue(seen.add(help), family.name() + " says what another says: " + help);
    }
    assertFalse(seen.isEmpty());
  }

  @Test
  void theUnitComesLast() {
    assertEquals("ports", family(MetricKind.GAUGE, "portpool_peak_ports", "netns").unit());
    assertEquals("seconds", family(MetricKind.COUNTER, "portpool_cpu_seconds_total", "a").unit());
    assertEquals("", family(MetricKind.GAUGE, "portpool_success", "netns").unit());
    assertThrows(
        IllegalArgumentException.class,
        () -> family(MetricKind.GAUGE, "portpool_ports_peak", "netns"));
  }

  @Test
  void nothingButAnInfoHasThePidOfAProcess() {
    assertThrows(
        IllegalArgumentException.class,
        () -> family(MetricKind.GAUGE, "portpool_some_ports", "pid"));
    assertEquals(List.of("pid"), family(MetricKind.INFO, "portpool_some_info", "pid").labels());
  }

  private static MetricFamily family(MetricKind kind, String name, String label) {
    Rows rows = Rows.agent(List.of(label), (report, sink) -> sink.row(1, ""));
    return new MetricFamily(kind, name, "Something that is counted here.", rows);
  }
}
