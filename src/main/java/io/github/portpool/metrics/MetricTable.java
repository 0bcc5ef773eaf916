package io.github.portpool.metrics;

import static io.github.portpool.metrics.Rows.agent;
import static io.github.portpool.metrics.Rows.attempts;
import static io.github.portpool.metrics.Rows.conntrack;
import static io.github.portpool.metrics.Rows.namespaces;
import static io.github.portpool.metrics.Rows.part;
import static io.github.portpool.metrics.Rows.pools;
import static io.github.portpool.metrics.Rows.settings;
import static io.github.portpool.metrics.Rows.snapshots;

import io.github.portpool.host.Conntrack;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.metrics.Rows.Sink;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.NamedOwner;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.NamespaceSearch;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The only list of the metrics: name, unit, HELP, and where the values and their labels come from.
 *
 * <p>All that serve, push or register them read this list. Terms are Linux' and RFC 6335's; the
 * pool is the ephemeral range without the reserved ports.
 */
public final class MetricTable {

  /** Those of one's own namespace that take no rights: an application that watches it has them. */
  public static final List<MetricFamily> IN_APPLICATIONS =
      List.of(
          gauge(
              "portpool_range_first_port",
              "First port of the ephemeral port range (ip_local_port_range).",
              snapshots(snapshot -> snapshot.range().first())),
          gauge(
              "portpool_range_last_port",
              "Last port of the ephemeral port range (ip_local_port_range).",
              snapshots(snapshot -> snapshot.range().last())),
          gauge(
              "portpool_reserved_ports",
              "Ports of the ephemeral range that are reserved (ip_local_reserved_ports).",
              snapshots(snapshot -> snapshot.range().reserved())),
          gauge(
              "portpool_capacity_ports",
              "Ports that can be allocated, the pool: the ephemeral range minus the reserved ports.",
              snapshots(snapshot -> snapshot.range().capacity())),
          gauge(
              "portpool_used_ports",
              "Distinct pool ports with at least one socket in any state. Says nothing about"
                  + " connect(): see portpool_worst_destination_free_ports.",
              pools(PoolUsage::used)),
          gauge(
              "portpool_sockets",
              "Sockets whose local port is in the pool, by state; bound: bound, neither listening"
                  + " nor connected.",
              pools(List.of("state"), (pool, sink) -> sink.rows(pool.sockets()))),
          gauge(
              "portpool_blocked_ports",
              "Pool ports closed to every connect(), each once: a listener holds it, a socket that"
                  + " is bound only, connections that outlived who bound it, or a socket that was"
                  + " bound to the port and then connected. All of them while"
                  + " portpool_feature_available{feature=\"exact_blocked\"} is 1.",
              pools(List.of("reason"), (pool, sink) -> sink.rows(pool.blocked().byReason()))),
          gauge(
              "portpool_bind_free_ports",
              "Ports that bind() to [::] port 0 could still get; to 0.0.0.0, as many or more; an"
                  + " upper bound while portpool_feature_available{feature=\"bound_inactive\"} is 0.",
              pools(PoolUsage::bindFree)),
          gauge(
              "portpool_destinations",
              "Distinct (source, destination, port) groups with sockets in the pool; connections"
                  + " that came in through a listener belong to no group.",
              pools(PoolUsage::destinations)),
          gauge(
              "portpool_worst_destination_used_ports",
              "Ports that the worst (source, destination, port) group cannot use: the blocked ones"
                  + " and its own.",
              pools(pool -> pool.worst().used())),
          gauge(
              "portpool_worst_destination_free_ports",
              "How many more connect() calls toward the worst destination succeed, of IPv4 or IPv6,"
                  + " whichever is worse; an upper bound while"
                  + " portpool_feature_available{feature=\"exact_blocked\"} is 0.",
              pools(pool -> pool.worst().free())),
          gauge(
              "portpool_worst_destination_peak_used_ports",
              "Highest portpool_worst_destination_used_ports of all samples in the last minute, so"
                  + " that peaks between two scrapes are seen.",
              snapshots(
                  List.of("protocol"),
                  (report, snapshot, sink) -> sink.rows(snapshot.worstUsedPeaks()))),
          gauge(
              "portpool_slow_destinations",
              "Groups that use more than one half of the pool, toward which connect() is about 40"
                  + " times slower.",
              pools(PoolUsage::slowDestinations)),
          gauge(
              "portpool_exhausted_destinations",
              "Groups without a free port, toward which connect() fails.",
              pools(PoolUsage::exhaustedDestinations)),
          gauge(
              "portpool_destination_used_ports",
              "Ports that a (source, destination, port) group cannot use; the worst groups only"
                  + " (--destinations.top).",
              destinations(usage -> usage.headroom().used())),
          gauge(
              "portpool_destination_free_ports",
              "How many more connect() calls of a (source, destination, port) group succeed; the"
                  + " worst groups only (--destinations.top).",
              destinations(usage -> usage.headroom().free())),
          gauge(
              "portpool_destination_closed_connections_per_second",
              "Connections of a (source, destination, port) group that this host closes each second,"
                  + " by the ages of its TIME_WAIT sockets; the worst groups only"
                  + " (--destinations.top).",
              destinations(usage -> usage.flow().closed())),
          gauge(
              "portpool_destination_sustainable_connections_per_second",
              "How many connections of a (source, destination, port) group this host can open and"
                  + " close each second for ever, by the pool, the connections that stay, and the"
                  + " time until a closed one gives its port back; the worst groups only"
                  + " (--destinations.top).",
              destinations(usage -> usage.flow().sustained())),
          gauge(
              "portpool_destination_exhaustion_seconds",
              "After how long a (source, destination, port) group has no free port when connections"
                  + " are closed at the rate of now; +Inf where they can be for ever; the worst"
                  + " groups only (--destinations.top).",
              destinations(usage -> usage.flow().secondsLeft())),
          gauge(
              "portpool_untracked_destination_sockets",
              "Sockets whose group did not fit the bounded table of destinations. While it is not"
                  + " 0, counts of destinations leave small groups out, and a large group may show"
                  + " more used ports than it has until the next sample.",
              snapshots(Snapshot::untrackedSockets)),
          gauge(
              "portpool_listeners",
              "Listening sockets by the range of RFC 6335: well_known 0-1023, registered"
                  + " 1024-49151, dynamic 49152-65535. UDP: sockets without a peer on a port that"
                  + " their program named.",
              pools(List.of("range"), (pool, sink) -> sink.rows(pool.listeners().sockets()))),
          gauge(
              "portpool_listening_ports",
              "Distinct ports that are listened on, by the range of RFC 6335.",
              pools(List.of("range"), (pool, sink) -> sink.rows(pool.listeners().ports()))),
          gauge(
              "portpool_range_listeners",
              "Listening sockets inside the ephemeral range; with reserved=\"false\" a client can"
                  + " be given their port while they are down.",
              pools(
                  List.of("reserved"),
                  (pool, sink) -> {
                    sink.row(pool.listeners().reservedInRange(), "true");
                    sink.row(pool.listeners().unreservedInRange(), "false");
                  })),
          gauge(
              "portpool_owner_used_ports",
              "Pool ports by the control group that made their sockets, the groups with the most"
                  + " only (--owners.top). cgroup=\"ownerless\": sockets that the kernel alone"
                  + " holds, such as TIME_WAIT. A port with sockets of two groups counts in both.",
              snapshots(
                  List.of("protocol", "cgroup", "unit", "container", "pod"), MetricTable::owners)),
          gauge(
              "portpool_untracked_owner_sockets",
              "Sockets in the pool whose control group did not fit the bounded table of 512.",
              snapshots(
                  List.of(),
                  (report, snapshot, sink) -> {
                    if (report.available(Feature.CGROUPS)) {
                      sink.row(snapshot.untrackedOwnerSockets());
                    }
                  })),
          gauge(
              "portpool_tcp_tw_reuse",
              "tcp_tw_reuse: 0 off, 1 on, 2 for loopback: whether connect() may take over a port in"
                  + " TIME_WAIT toward the same destination.",
              settings(TcpSettings::twReuse)),
          gauge(
              "portpool_tcp_timestamps",
              "tcp_timestamps: TIME_WAIT is only reused while this is not 0.",
              settings(TcpSettings::timestamps)),
          gauge(
              "portpool_tcp_fin_timeout_seconds",
              "tcp_fin_timeout: how long an orphaned FIN_WAIT2 holds its port.",
              settings(TcpSettings::finTimeoutSeconds)),
          gauge(
              "portpool_tcp_max_tw_buckets",
              "tcp_max_tw_buckets: the most sockets in TIME_WAIT that the kernel keeps.",
              settings(TcpSettings::maxTwBuckets)),
          gauge(
              "portpool_sample_success",
              "Whether the last sample was good; if not, the metrics are those of the last good"
                  + " one.",
              attempts(namespace -> namespace.success() ? 1 : 0)),
          gauge(
              "portpool_sample_timestamp_seconds",
              "When the last good sample was taken, in seconds since 1970. The agent samples on a"
                  + " timer, not on scrapes.",
              snapshots(snapshot -> snapshot.time().toEpochMilli() / 1000.0)),
          gauge(
              "portpool_sample_duration_seconds",
              "Wall time of the last sample.",
              attempts(NamespaceReport::durationSeconds)),
          gauge(
              "portpool_sample_sockets",
              "Sockets that the last good sample read: those in the range, and listeners.",
              snapshots(Snapshot::sockets)),
          counter(
              "portpool_sample_cpu_seconds_total",
              "CPU time of all samples.",
              agent(SampleReport::cpuSecondsTotal)),
          gauge(
              "portpool_sample_interval_seconds",
              "Time between samples in force: --sample.interval, or more where samples would exceed"
                  + " --sample.cpu-budget.",
              agent(SampleReport::intervalSeconds)),
          counter(
              "portpool_sample_errors_total",
              "Samples that failed, by reason.",
              agent(
                  List.of("source", "reason"),
                  (report, sink) ->
                      report
                          .sample()
                          .errors()
                          .forEach((reason, count) ->
                              sink.row(count, report.sample().source(), reason)))),
          gauge(
              "portpool_feature_available",
              "Whether the agent can see something here; why not is on its landing page and in its"
                  + " log.",
              agent(
                  List.of("feature"),
                  (report, sink) -> {
                    for (Feature feature : Feature.values()) {
                      sink.row(report.sample().available(feature) ? 1 : 0, feature.label());
                    }
                  })));

  /** Those of processes, of other namespaces, of the host, and of the agent itself. */
  private static final List<MetricFamily> OF_THE_AGENT =
      List.of(
          info(
              "portpool_range_listener_info",
              "The listeners inside the ephemeral range that have been there for a minute, as many"
                  + " as --listeners.top; process, pid and user are empty where they are not known.",
              snapshots(
                  List.of("protocol", "port", "process", "pid", "user", "cgroup", "reserved"),
                  MetricTable::listeners)),
          gauge(
              "portpool_untracked_listeners",
              "Listening sockets inside the ephemeral range that portpool_range_listener_info"
                  + " does not name.",
              snapshots(MetricTable::unnamedListeners)),
          gauge(
              "portpool_conntrack_entries",
              "Connections in the table of nf_conntrack.",
              conntrack(Conntrack::entries)),
          gauge(
              "portpool_conntrack_limit",
              "How many connections the table of nf_conntrack may hold (nf_conntrack_max), of"
                  + " all namespaces together; 0 for no limit.",
              conntrack(Conntrack::limit)),
          counter(
              "portpool_conntrack_insert_failed_total",
              "New connections that found no free tuple: NAT source ports exhausted, among other"
                  + " clashes. connect() then times out without an error.",
              conntrack(Conntrack::insertFailed)),
          counter(
              "portpool_conntrack_drops_total",
              "Packets dropped because nf_conntrack could not make an entry: NAT source ports"
                  + " exhausted, or the table full.",
              conntrack(Conntrack::drops)),
          gauge(
              "portpool_nat_worst_destination_used_ports",
              "Ports of the NAT address that the worst (NAT address, destination, port) group"
                  + " uses (--conntrack.dump).",
              conntrack(List.of("protocol"), (usage, sink) -> sink.rows(usage.natWorstUsed()))),
          counter(
              "portpool_connect_failures_total",
              "connect() calls of TCP on the whole host that failed for lack of a port"
                  + " (EADDRNOTAVAIL) since the agent began to count, by the family of the"
                  + " socket; exact.",
              part(
                  SampleReport::failures,
                  List.of("family"),
                  (failures, sink) -> {
                    sink.row(failures.ipv4(), "ipv4");
                    sink.row(failures.ipv6(), "ipv6");
                  })),
          counter(
              "portpool_connect_failures_by_process_total",
              "connect() calls of TCP that failed for lack of a port (EADDRNOTAVAIL), by the"
                  + " process that made them (--failures.top); empty where it was gone before it"
                  + " could be looked at.",
              agent(
                  List.of("netns", "process", "cgroup", "destination"),
                  (report, sink) ->
                      report
                          .sample()
                          .culprits()
                          .forEach((culprit, failures) ->
                              sink.row(
                                  failures,
                                  culprit.netns(),
                                  culprit.process(),
                                  culprit.controlGroup(),
                                  culprit.destination())))),
          counter(
              "portpool_connect_failures_lost_total",
              "connect() calls of TCP that failed for lack of a port (EADDRNOTAVAIL) and whose"
                  + " process is not known: the kernel could not report it (reason=\"lost\"), or"
                  + " the table of processes was full (reason=\"untracked\").",
              part(
                  SampleReport::failures,
                  List.of("reason"),
                  (failures, sink) -> {
                    sink.row(failures.lost(), "lost");
                    sink.row(failures.untracked(), "untracked");
                  })),
          gauge(
              "portpool_namespaces",
              "Network namespaces that are read, the agent's own included (--namespaces).",
              agent(report -> 1 + report.others().size())),
          gauge(
              "portpool_untracked_namespaces",
              "Network namespaces that were found and are not read: more than --namespaces.max,"
                  + " or not to be opened.",
              part(SampleReport::search, NamespaceSearch::untracked)),
          gauge(
              "portpool_hidden_processes",
              "Processes that do not show their network namespace to the agent, so that it may"
                  + " be missing among those that were found.",
              part(SampleReport::search, NamespaceSearch::hiddenProcesses)),
          gauge(
              "portpool_sockstat_sockets",
              "Sockets of every kind in a namespace besides the agent's own, TIME_WAIT included,"
                  + " by /proc/net/sockstat, read each time: no more of its ports can be in use.",
              namespaces(
                  List.of(),
                  (namespace, sink) -> {
                    if (namespace.sockets() != NamespaceReport.UNKNOWN) {
                      sink.row(namespace.sockets());
                    }
                  })),
          counter(
              "portpool_otlp_exports_total",
              "Pushes of all metrics to --otlp.endpoint, by outcome.",
              agent(
                  List.of("outcome"),
                  (report, sink) ->
                      report.otlpExports().forEach((outcome, count) -> sink.row(count, outcome)))),
          info(
              "portpool_build_info",
              "The version and revision of the agent, its Java, and the source of its samples.",
              agent(
                  List.of("version", "revision", "java", "source"),
                  (report, sink) -> {
                    BuildInfo build = report.build();
                    String source = report.sample().source();
                    sink.row(1, build.version(), build.revision(), build.java(), source);
                  })));

  /** All metrics, each once. */
  public static final List<MetricFamily> FAMILIES = distinct();

  private MetricTable() {}

  /** A row for each of the worst groups whose value is known. */
  private static Rows destinations(ToDoubleFunction<DestinationUsage> value) {
    return pools(
        List.of("source", "destination"),
        (pool, sink) -> {
          for (DestinationUsage usage : pool.top()) {
            double known = value.applyAsDouble(usage);
            if (!Double.isNaN(known)) {
              sink.row(known, usage.source(), usage.destination());
            }
          }
        });
  }

  private static int unnamedListeners(Snapshot snapshot) {
    long passing = snapshot.poolListeners().stream().filter(each -> !each.lasting()).count();
    return snapshot.untrackedListeners() + (int) passing;
  }

  private static void listeners(SampleReport report, Snapshot snapshot, Sink sink) {
    boolean controlGroups = report.available(Feature.CGROUPS);
    for (PoolListener listener : snapshot.poolListeners()) {
      if (!listener.lasting()) {
        continue;
      }
      OwningProcess process = report.owners().process(listener.inode());
      sink.row(
          1,
          listener.protocol().label(),
          String.valueOf(listener.port()),
          process == null ? "" : process.name(),
          process == null ? "" : String.valueOf(process.pid()),
          process == null ? "" : process.user(),
          controlGroups ? report.owners().path(listener.controlGroup()) : "",
          String.valueOf(listener.reserved()));
    }
  }

  private static void owners(SampleReport report, Snapshot snapshot, Sink sink) {
    if (report.available(Feature.CGROUPS)) {
      for (NamedOwner owner : report.owners().of(snapshot)) {
        String protocol = owner.protocol().label();
        ControlGroup by = owner.group();
        sink.row(owner.ports(), protocol, by.path(), by.unit(), by.container(), by.pod());
      }
    }
  }

  private static MetricFamily gauge(String name, String help, Rows rows) {
    return new MetricFamily(MetricKind.GAUGE, name, help, rows);
  }

  private static MetricFamily counter(String name, String help, Rows rows) {
    return new MetricFamily(MetricKind.COUNTER, name, help, rows);
  }

  private static MetricFamily info(String name, String help, Rows rows) {
    return new MetricFamily(MetricKind.INFO, name, help, rows);
  }

  private static List<MetricFamily> distinct() {
    Set<String> names = new HashSet<>();
    List<MetricFamily> all = new ArrayList<>(IN_APPLICATIONS);
    all.addAll(OF_THE_AGENT);
    for (MetricFamily family : all) {
      if (!names.add(family.name())) {
        throw new IllegalStateException("two metrics are called " + family.name());
      }
    }
    return List.copyOf(all);
  }
}
