package io.github.portpool.export.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.metrics.AgentReport;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.EphemeralRange;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.OwnerUsage;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The labels of owners: each combination once, whatever they are called. */
class OwnerSeriesTest {
  private static final OwnerNames NAMES =
      new OwnerNames(
          Map.of(
              7L, new ControlGroup("/web.slice/web.service", "web.service", "", ""),
              8L, new ControlGroup("/web.slice/web.service", "web.service", "", "")),
          Map.of(100L, new OwningProcess(42, "a\"b\\\\c", "www-data")));

  private static List<String> series(boolean controlGroups) throws Exception {
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            "host",
            new EphemeralRange(32_768, 60_999, 0),
            TcpSettings.NONE,
            Map.of(),
            Map.of(),
            List.of(
                new OwnerUsage(Protocol.TCP, 7, 30),
                new OwnerUsage(Protocol.TCP, 8, 20),
                new OwnerUsage(Protocol.TCP, 9, 10),
                new OwnerUsage(Protocol.TCP, 0, 5)),
            3,
            List.of(
                new PoolListener(Protocol.TCP, 40_000, false, true, 100, 33, 7),
                new PoolListener(Protocol.TCP, 40_000, false, true, 101, 33, 0),
                new PoolListener(Protocol.TCP, 40_000, false, true, 102, 33, 0)),
            2,
            0,
            0,
            Map.of());
    SampleReport report =
        new SampleReport(
            "linux",
            controlGroups ? Map.of() : Map.of(Feature.CGROUPS, "not here"),
            new NamespaceReport(
                "host", snapshot, true, true, "", 0, null, List.of(), NamespaceReport.UNKNOWN),
            List.of(),
            NAMES,
            null,
            null,
            RecentFailures.uncounted("not here"),
            "host",
            Map.of(),
            Map.of(),
            0,
            5,
            Map.of());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(text, new PoolCollector(() -> AgentReport.of(report)).collect());
    return text.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.matches("portpool_(?:owner|range_listener|untracked)_.*"))
        .filter(line -> !line.startsWith("portpool_untracked_destination"))
        .toList();
  }

  private static String owner(String group, String unit, int ports) {
    return "portpool_owner_used_ports{cgroup=\"%s\",container=\"\",netns=\"host\",pod=\"\",protocol=\"tcp\",unit=\"%s\"} %d.0"
        .formatted(group, unit, ports);
  }

  private static String listener(String group, String pid, String process, String user) {
    return "portpool_range_listener_info{cgroup=\"%s\",netns=\"host\",pid=\"%s\",port=\"40000\",process=\"%s\",protocol=\"tcp\",reserved=\"false\",user=\"%s\"} 1"
        .formatted(group, pid, process, user);
  }

  @Test
  void aGroupThatWasMadeAgainUnderItsPathIsToldByNumber() throws Exception {
    assertEquals(
        List.of(
            owner("/web.slice/web.service", "web.service", 30),
            owner("id:8", "", 20),
            owner("id:9", "", 10),
            owner("ownerless", "", 5),
            listener("/web.slice/web.service", "42", "a\\\"b\\\\\\\\c", "www-data"),
            listener("ownerless", "", "", ""),
            "portpool_untracked_listeners{netns=\"host\"} 2.0",
            "portpool_untracked_owner_sockets{netns=\"host\"} 3.0"),
        series(true));
  }

  @Test
  void withoutControlGroupsThereIsNoOwner() throws Exception {
    assertEquals(
        List.of(
            listener("", "", "", ""),
            listener("", "42", "a\\\"b\\\\\\\\c", "www-data"),
            "portpool_untracked_listeners{netns=\"host\"} 2.0"),
        series(false));
  }
}
