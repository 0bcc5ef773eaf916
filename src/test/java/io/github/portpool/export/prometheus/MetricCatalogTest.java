package io.github.portpool.export.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The names that dashboards, alerts and other people's queries are built on. */
class MetricCatalogTest {
  /** Kind, name and labels. A line that changes here breaks somebody's dashboard. */
  private static final String CONTRACT =
      """
      counter portpool_connect_failures_by_process_total netns process cgroup destination
      counter portpool_connect_failures_lost_total reason
      counter portpool_connect_failures_total family
      counter portpool_conntrack_drops_total netns
      counter portpool_conntrack_insert_failed_total netns
      counter portpool_sample_cpu_seconds_total
      counter portpool_sample_errors_total source reason
      gauge portpool_bind_free_ports netns protocol
      gauge portpool_blocked_ports netns protocol reason
      gauge portpool_capacity_ports netns
      gauge portpool_conntrack_entries netns
      gauge portpool_conntrack_limit netns
      gauge portpool_destination_free_ports netns protocol source destination
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
      gauge portpool_pool_listeners netns protocol reserved
      gauge portpool_range_first_port netns
      gauge portpool_range_last_port netns
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
      gauge portpool_untracked_destinations netns
      gauge portpool_untracked_listeners netns
      gauge portpool_untracked_namespaces
      gauge portpool_untracked_owners netns
      gauge portpool_used_ports netns protocol
      gauge portpool_worst_destination_free_ports netns protocol
      gauge portpool_worst_destination_used_ports netns protocol
      gauge portpool_worst_destination_used_ports_peak netns protocol
      info portpool_build_info version revision java source
      info portpool_pool_listener_info netns protocol port process pid user cgroup reserved
      """;

  @Test
  void namesAndLabelsAreTheContract() {
    String catalogue =
        MetricCatalog.families().stream()
            .map(MetricCatalogTest::line)
            .sorted()
            .collect(Collectors.joining());
    assertEquals(CONTRACT, catalogue);
  }

  private static String line(MetricFamily family) {
    String labels = family.labels().stream().map(" "::concat).collect(Collectors.joining());
    return family.type().name().toLowerCase(Locale.ROOT) + " " + family.name() + labels + "\n";
  }

  @Test
  void everyMetricHasASentenceOfHelp() {
    for (MetricFamily family : MetricCatalog.families()) {
      assertTrue(family.help().matches("[A-Za-z_].*\\."), family.name() + ": " + family.help());
    }
  }
}
