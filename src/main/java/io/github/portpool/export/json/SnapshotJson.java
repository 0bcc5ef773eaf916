package io.github.portpool.export.json;

import com.google.gson.stream.JsonWriter;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.sample.FailedConnects;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.TrendPoint;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.SocketState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The last sample of a host, as JSON. */
public final class SnapshotJson {
  private SnapshotJson() {}

  /** Everything, one object with an array of network namespaces; the agent's own comes first. */
  public static String of(SampleReport report) {
    return Json.text(json -> {
      json.beginObject();
      json.name("source").value(report.source());
      json.name("intervalSeconds").value(report.intervalSeconds());
      json.name("namespaces").beginArray();
      for (NamespaceReport namespace : all(report)) {
        namespace(json, report, namespace);
      }
      json.endArray();
      json.name("failures");
      failures(json, report);
      json.name("unavailable");
      Json.unavailable(json, report.unavailable());
      json.endObject();
    });
  }

  /** The fullest destinations of all network namespaces, an array. */
  public static String destinations(SampleReport report) {
    return Json.text(json -> {
      json.beginArray();
      for (NamespaceReport namespace : all(report)) {
        Snapshot snapshot = namespace.lastGood();
        if (snapshot != null) {
          destinations(json, snapshot);
        }
      }
      json.endArray();
    });
  }

  /** The listeners inside the live range of all network namespaces, an array. */
  public static String listeners(SampleReport report) {
    return Json.text(json -> {
      json.beginArray();
      for (NamespaceReport namespace : all(report)) {
        Snapshot snapshot = namespace.lastGood();
        if (snapshot != null) {
          listeners(json, report, snapshot);
        }
      }
      json.endArray();
    });
  }

  /** The last hour, an array with the oldest first. */
  public static String history(List<TrendPoint> points) {
    return Json.text(json -> {
      json.beginArray();
      for (TrendPoint point : points) {
        json.beginObject();
        json.name("time").value(point.time().toString());
        json.name("capacity").value(point.capacity());
        json.name("tcpWorstUsed").value(point.tcpWorstUsed());
        json.name("tcpUsed").value(point.tcpUsed());
        json.name("tcpBlocked").value(point.tcpBlocked());
        json.name("udpUsed").value(point.udpUsed());
        json.name("timeWait").value(point.timeWait());
        json.name("refused").value(point.refused());
        json.endObject();
      }
      json.endArray();
    });
  }

  private static List<NamespaceReport> all(SampleReport report) {
    List<NamespaceReport> all = new ArrayList<>();
    all.add(report.host());
    all.addAll(report.others());
    return all;
  }

  private static void namespace(JsonWriter json, SampleReport report, NamespaceReport namespace)
      throws IOException {
    json.beginObject();
    json.name("netns").value(namespace.netns());
    json.name("success").value(namespace.success());
    json.name("message").value(Json.orNull(namespace.message()));
    json.name("sockets");
    if (namespace.sockets() == NamespaceReport.UNKNOWN) {
      json.nullValue();
    } else {
      json.value(namespace.sockets());
    }
    json.name("snapshot");
    Snapshot snapshot = namespace.lastGood();
    if (snapshot == null) {
      json.nullValue();
    } else {
      snapshot(json, report, snapshot);
    }
    json.endObject();
  }

  private static void snapshot(JsonWriter json, SampleReport report, Snapshot snapshot)
      throws IOException {
    json.beginObject();
    json.name("time").value(snapshot.time().toString());
    json.name("liveRange");
    Json.range(json, snapshot.range());
    json.name("settings").beginObject();
    json.name("tcpTwReuse").value(snapshot.tcp().twReuse());
    json.name("tcpTwReuseDelayMillis").value(snapshot.tcp().twReuseDelayMillis());
    json.name("tcpTimestamps").value(snapshot.tcp().timestamps());
    json.name("tcpFinTimeoutSeconds").value(snapshot.tcp().finTimeoutSeconds());
    json.name("tcpMaxTwBuckets").value(snapshot.tcp().maxTwBuckets());
    json.endObject();
    json.name("pools").beginObject();
    for (Map.Entry<Protocol, PoolUsage> pool : snapshot.pools().entrySet()) {
      json.name(pool.getKey().label());
      pool(json, pool.getValue(), snapshot.worstUsedPeaks().getOrDefault(pool.getKey(), 0));
    }
    json.endObject();
    json.name("destinations").beginArray();
    destinations(json, snapshot);
    json.endArray();
    json.name("untrackedDestinations").value(snapshot.untrackedSockets());
    json.name("listeners").beginArray();
    listeners(json, report, snapshot);
    json.endArray();
    json.name("untrackedListeners").value(snapshot.untrackedListeners());
    json.endObject();
  }

  private static void pool(JsonWriter json, PoolUsage pool, int peak) throws IOException {
    json.beginObject();
    json.name("used").value(pool.used());
    json.name("sockets").beginObject();
    for (Map.Entry<SocketState, Integer> state : pool.sockets().entrySet()) {
      json.name(state.getKey().label()).value(state.getValue());
    }
    json.endObject();
    json.name("blocked").beginObject();
    json.name("listening").value(pool.blocked().listening());
    json.name("bound").value(pool.blocked().bound());
    json.name("connected").value(pool.blocked().connected());
    json.endObject();
    json.name("bindFree").value(pool.bindFree());
    json.name("destinations").value(pool.destinations());
    json.name("worst");
    headroom(json, pool.worst());
    json.name("worstUsedPeak").value(peak);
    json.name("slowDestinations").value(pool.slowDestinations());
    json.name("exhaustedDestinations").value(pool.exhaustedDestinations());
    json.name("exact").value(pool.exact());
    json.name("listeners").beginObject();
    for (IanaRange range : IanaRange.values()) {
      json.name(range.label()).value(pool.listeners().sockets().getOrDefault(range, 0));
    }
    json.endObject();
    json.name("listenersInRange").beginObject();
    json.name("reserved").value(pool.listeners().reservedInRange());
    json.name("unreserved").value(pool.listeners().unreservedInRange());
    json.endObject();
    json.endObject();
  }

  private static void headroom(JsonWriter json, Headroom headroom) throws IOException {
    json.beginObject();
    json.name("used").value(headroom.used());
    json.name("free").value(headroom.free());
    json.endObject();
  }

  private static void destinations(JsonWriter json, Snapshot snapshot) throws IOException {
    for (PoolUsage pool : snapshot.pools().values()) {
      for (DestinationUsage usage : pool.top()) {
        json.beginObject();
        json.name("netns").value(snapshot.netns());
        json.name("protocol").value(usage.protocol().label());
        json.name("source").value(usage.source());
        json.name("destination").value(usage.destination());
        json.name("sockets").value(usage.sockets());
        json.name("used").value(usage.headroom().used());
        json.name("free").value(usage.headroom().free());
        json.endObject();
      }
    }
  }

  private static void listeners(JsonWriter json, SampleReport report, Snapshot snapshot)
      throws IOException {
    for (PoolListener listener : snapshot.poolListeners()) {
      OwningProcess process = report.owners().process(listener.inode());
      ControlGroup group = report.owners().controlGroup(listener.controlGroup());
      json.beginObject();
      json.name("netns").value(snapshot.netns());
      json.name("protocol").value(listener.protocol().label());
      json.name("port").value(listener.port());
      json.name("reserved").value(listener.reserved());
      json.name("process").value(process == null ? null : process.name());
      json.name("pid").value(process == null ? null : (Number) process.pid());
      json.name("user").value(process == null ? null : process.user());
      json.name("controlGroup").value(group == null ? null : group.path());
      json.endObject();
    }
  }

  private static void failures(JsonWriter json, SampleReport report) throws IOException {
    if (report.failures() == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("ipv4").value(report.failures().ipv4());
    json.name("ipv6").value(report.failures().ipv6());
    json.name("culprits").beginArray();
    for (FailedConnects culprit : report.culprits()) {
      json.beginObject();
      json.name("netns").value(Json.orNull(culprit.netns()));
      json.name("process").value(Json.orNull(culprit.process()));
      json.name("controlGroup").value(Json.orNull(culprit.controlGroup()));
      json.name("destination").value(culprit.destination());
      json.name("failures").value(culprit.failures());
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }
}
