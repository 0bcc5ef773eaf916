package io.github.portpool.export.prometheus;

import io.prometheus.metrics.model.registry.MetricType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The only list of this agent's metrics: names, HELP and labels. */
final class MetricCatalog {
  private static final List<MetricFamily> FAMILIES = new ArrayList<>();

  static final MetricFamily RANGE_FIRST_PORT =
      gauge("portpool_range_first_port", "First port of the live ephemeral port range.", "netns");
  static final MetricFamily RANGE_LAST_PORT =
      gauge("portpool_range_last_port", "Last port of the live ephemeral port range.", "netns");
  static final MetricFamily RESERVED_PORTS =
      gauge(
          "portpool_reserved_ports",
          "Ports of the live range that are reserved (ip_local_reserved_ports).",
          "netns");
  static final MetricFamily CAPACITY_PORTS =
      gauge(
          "portpool_capacity_ports",
          "Ports that can be allocated: the live range minus the reserved ports.",
          "netns");

  static final MetricFamily USED_PORTS =
      gauge(
          "portpool_used_ports",
          "Distinct pool ports with at least one socket in any state. Says nothing about"
              + " connect(): see portpool_worst_destination_free_ports.",
          "netns",
          "protocol");
  static final MetricFamily SOCKETS =
      gauge(
          "portpool_sockets",
          "Sockets whose local port is in the pool, by state; bound: bound, neither listening nor"
              + " connected.",
          "netns",
          "protocol",
          "state");
  static final MetricFamily BLOCKED_PORTS =
      gauge(
          "portpool_blocked_ports",
          "Pool ports closed to every connect(), each once: a listener holds it, a socket that is"
              + " bound only, or one that was bound to the port and then connected.",
          "netns",
          "protocol",
          "reason");
  static final MetricFamily BIND_FREE_PORTS =
      gauge(
          "portpool_bind_free_ports",
          "Ports that bind() to 0.0.0.0 port 0 could still get; a lower bound where connected IPv6"
              + " sockets had bound an address.",
          "netns",
          "protocol");
  static final MetricFamily DESTINATIONS =
      gauge(
          "portpool_destinations",
          "Distinct (source, destination, port) groups with sockets in the pool; connections that"
              + " came in through a listener are none.",
          "netns",
          "protocol");

  static final MetricFamily WORST_DESTINATION_USED_PORTS =
      gauge(
          "portpool_worst_destination_used_ports",
          "Ports that the most loaded (source, destination, port) group cannot use: the blocked"
              + " ones and its own.",
          "netns",
          "protocol");
  static final MetricFamily WORST_DESTINATION_FREE_PORTS =
      gauge(
          "portpool_worst_destination_free_ports",
          "How many more connect() calls toward the most loaded destination succeed; an upper bound"
              + " while portpool_feature_available{feature=\"exact_blocked\"} is 0.",
          "netns",
          "protocol");
  static final MetricFamily WORST_DESTINATION_USED_PORTS_PEAK =
      gauge(
          "portpool_worst_destination_used_ports_peak",
          "Highest portpool_worst_destination_used_ports of all samples in the last minute, so that"
              + " peaks between two scrapes are seen.",
          "netns",
          "protocol");
  static final MetricFamily SLOW_DESTINATIONS =
      gauge(
          "portpool_slow_destinations",
          "Groups that use more than one half of the pool, toward which connect() is about 40 times"
              + " slower.",
          "netns",
          "protocol");
  static final MetricFamily EXHAUSTED_DESTINATIONS =
      gauge(
          "portpool_exhausted_destinations",
          "Groups without a free port, toward which connect() fails.",
          "netns",
          "protocol");
  static final MetricFamily DESTINATION_USED_PORTS =
      gauge(
          "portpool_destination_used_ports",
          "Ports that a (source, destination, port) group cannot use; the most loaded groups only"
              + " (--destinations.top).",
          "netns",
          "protocol",
          "source",
          "destination");
  static final MetricFamily DESTINATION_FREE_PORTS =
      gauge(
          "portpool_destination_free_ports",
          "How many more connect() calls of a (source, destination, port) group succeed; the most"
              + " loaded groups only (--destinations.top).",
          "netns",
          "protocol",
          "source",
          "destination");
  static final MetricFamily UNTRACKED_DESTINATIONS =
      gauge(
          "portpool_untracked_destinations",
          "Sockets whose group did not fit the bounded table of destinations. While it is not 0,"
              + " counts of destinations leave small groups out, and a large group may show more used"
              + " ports than it has until the next sample.",
          "netns");

  static final MetricFamily LISTENERS =
      gauge(
          "portpool_listeners",
          "Listening sockets by the range of RFC 6335: well_known 0-1023, registered 1024-49151,"
              + " dynamic 49152-65535. UDP: sockets without a peer on a port that their program"
              + " named.",
          "netns",
          "protocol",
          "range");
  static final MetricFamily LISTENING_PORTS =
      gauge(
          "portpool_listening_ports",
          "Distinct ports that are listened on, by the range of RFC 6335.",
          "netns",
          "protocol",
          "range");
  static final MetricFamily POOL_LISTENERS =
      gauge(
          "portpool_pool_listeners",
          "Listening sockets inside the live ephemeral range; with reserved=\"false\" a client can"
              + " be given their port while they are down.",
          "netns",
          "protocol",
          "reserved");

  static final MetricFamily POOL_LISTENER_INFO =
      family(
          MetricType.INFO,
          "portpool_pool_listener_info",
          "The listeners inside the live ephemeral range, as many as --listeners.top; process, pid"
              + " and user are empty where they are not known.",
          "netns",
          "protocol",
          "port",
          "process",
          "pid",
          "user",
          "cgroup",
          "reserved");
  static final MetricFamily UNTRACKED_LISTENERS =
      gauge(
          "portpool_untracked_listeners",
          "Listeners inside the live range that portpool_pool_listener_info does not name.",
          "netns");
  static final MetricFamily OWNER_USED_PORTS =
      gauge(
          "portpool_owner_used_ports",
          "Pool ports by the control group that made their sockets, the groups with the most only"
              + " (--owners.top). cgroup=\"ownerless\": sockets that the kernel alone holds, such as"
              + " TIME_WAIT. A port with sockets of two groups counts in both.",
          "netns",
          "protocol",
          "cgroup",
          "unit",
          "container",
          "pod");
  static final MetricFamily UNTRACKED_OWNERS =
      gauge(
          "portpool_untracked_owners",
          "Sockets in the pool whose control group did not fit the bounded table of 512.",
          "netns");

  static final MetricFamily TCP_TW_REUSE =
      gauge(
          "portpool_tcp_tw_reuse",
          "tcp_tw_reuse: 0 off, 1 on, 2 for loopback: whether connect() may take over a port in"
              + " TIME_WAIT toward the same destination.",
          "netns");
  static final MetricFamily TCP_TIMESTAMPS =
      gauge(
          "portpool_tcp_timestamps",
          "tcp_timestamps: TIME_WAIT is only reused while this is not 0.",
          "netns");
  static final MetricFamily TCP_FIN_TIMEOUT_SECONDS =
      gauge(
          "portpool_tcp_fin_timeout_seconds",
          "tcp_fin_timeout: how long an orphaned FIN_WAIT2 holds its port.",
          "netns");
  static final MetricFamily TCP_MAX_TW_BUCKETS =
      gauge(
          "portpool_tcp_max_tw_buckets",
          "tcp_max_tw_buckets: the most sockets in TIME_WAIT that the kernel keeps.",
          "netns");

  static final MetricFamily CONNTRACK_ENTRIES =
      gauge("portpool_conntrack_entries", "Connections in the table of nf_conntrack.", "netns");
  static final MetricFamily CONNTRACK_LIMIT =
      gauge(
          "portpool_conntrack_limit",
          "How many connections the table may hold (nf_conntrack_max), of all namespaces"
              + " together; 0 for no limit.",
          "netns");
  static final MetricFamily CONNTRACK_INSERT_FAILED_TOTAL =
      counter(
          "portpool_conntrack_insert_failed_total",
          "New connections that found no free tuple: NAT source ports exhausted, among other"
              + " clashes. connect() then times out without an error.",
          "netns");
  static final MetricFamily CONNTRACK_DROPS_TOTAL =
      counter(
          "portpool_conntrack_drops_total",
          "Packets dropped because no entry could be made: NAT source ports exhausted, or the table"
              + " full.",
          "netns");
  static final MetricFamily NAT_WORST_DESTINATION_USED_PORTS =
      gauge(
          "portpool_nat_worst_destination_used_ports",
          "Ports of the NAT address that the fullest (NAT address, destination, port) group uses"
              + " (--conntrack.dump).",
          "netns",
          "protocol");

  static final MetricFamily CONNECT_FAILURES_TOTAL =
      counter(
          "portpool_connect_failures_total",
          "connect() calls of TCP on the whole host that the kernel refused for want of a port since the"
              + " agent began to count, by the family of the socket; exact.",
          "family");
  static final MetricFamily CONNECT_FAILURES_BY_PROCESS_TOTAL =
      counter(
          "portpool_connect_failures_by_process_total",
          "The same by culprit (--failures.top); empty where the process was gone before it could"
              + " be looked at.",
          "netns",
          "process",
          "cgroup",
          "destination");
  static final MetricFamily CONNECT_FAILURES_LOST_TOTAL =
      counter(
          "portpool_connect_failures_lost_total",
          "Refused connect() calls whose culprit is not known: the kernel could not report it"
              + " (reason=\"lost\"), or the table of culprits was full (reason=\"untracked\").",
          "reason");

  static final MetricFamily NAMESPACES =
      gauge(
          "portpool_namespaces",
          "Network namespaces that are read, the agent's own included (--namespaces).");
  static final MetricFamily UNTRACKED_NAMESPACES =
      gauge(
          "portpool_untracked_namespaces",
          "Network namespaces that were found and are not read: more than --namespaces.max, or not"
              + " to be opened.");
  static final MetricFamily HIDDEN_PROCESSES =
      gauge(
          "portpool_hidden_processes",
          "Processes that do not show their network namespace to the agent, so that it may be"
              + " missing among those that were found.");
  static final MetricFamily SOCKSTAT_SOCKETS =
      gauge(
          "portpool_sockstat_sockets",
          "Sockets of every kind in a namespace besides the agent's own, TIME_WAIT included, by"
              + " /proc/net/sockstat, read each time: no more of its ports can be in use.",
          "netns");

  static final MetricFamily SAMPLE_SUCCESS =
      gauge(
          "portpool_sample_success",
          "Whether the last sample was good; if not, the metrics are those of the last good one.",
          "netns");
  static final MetricFamily SAMPLE_TIMESTAMP_SECONDS =
      gauge(
          "portpool_sample_timestamp_seconds",
          "When the last good sample was taken, in seconds since 1970. The agent samples on a timer,"
              + " not on scrapes.",
          "netns");
  static final MetricFamily SAMPLE_DURATION_SECONDS =
      gauge("portpool_sample_duration_seconds", "Wall time of the last sample.", "netns");
  static final MetricFamily SAMPLE_SOCKETS =
      gauge(
          "portpool_sample_sockets",
          "Sockets that the last good sample read: those in the range, and listeners.",
          "netns");
  static final MetricFamily SAMPLE_CPU_SECONDS_TOTAL =
      counter("portpool_sample_cpu_seconds_total", "CPU time of all samples.");
  static final MetricFamily SAMPLE_INTERVAL_SECONDS =
      gauge(
          "portpool_sample_interval_seconds",
          "Time between samples in force: --sample.interval, or more where samples would exceed"
              + " --sample.cpu-budget.");
  static final MetricFamily SAMPLE_ERRORS_TOTAL =
      counter(
          "portpool_sample_errors_total", "Samples that failed, by reason.", "source", "reason");
  static final MetricFamily FEATURE_AVAILABLE =
      gauge(
          "portpool_feature_available",
          "Whether the agent can see something here; why not is on its landing page and in its log.",
          "feature");
  static final MetricFamily BUILD_INFO =
      family(
          MetricType.INFO,
          "portpool_build_info",
          "The agent.",
          "version",
          "revision",
          "java",
          "source");

  private MetricCatalog() {}

  /** All families, in the order of this file. */
  static List<MetricFamily> families() {
    return Collections.unmodifiableList(FAMILIES);
  }

  private static MetricFamily gauge(String name, String help, String... labels) {
    return family(MetricType.GAUGE, name, help, labels);
  }

  private static MetricFamily counter(String name, String help, String... labels) {
    return family(MetricType.COUNTER, name, help, labels);
  }

  private static MetricFamily family(MetricType type, String name, String help, String... labels) {
    if (FAMILIES.stream().anyMatch(family -> family.name().equals(name))) {
      throw new IllegalStateException("two metrics are called " + name);
    }
    MetricFamily family = new MetricFamily(type, name, help, List.of(labels));
    FAMILIES.add(family);
    return family;
  }
}
