package io.github.portpool.export.json;

import com.google.gson.stream.JsonWriter;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.ProcessReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.ServiceRegistry;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is on a port, and what a process holds, as JSON. */
public final class PortJson {
  private PortJson() {}

  /** One object. */
  public static String of(PortReport report) {
    return Json.text(json -> write(json, report));
  }

  /** An array of such objects. */
  public static String of(List<PortReport> reports) {
    return Json.text(json -> {
      json.beginArray();
      for (PortReport report : reports) {
        write(json, report);
      }
      json.endArray();
    });
  }

  /** What the processes of a name hold, one object. */
  public static String of(ProcessReport report) {
    return Json.text(json -> {
      json.beginObject();
      json.name("process").value(report.name());
      json.name("time").value(report.time().toString());
      json.name("sockets");
      sockets(json, report.sockets());
      json.name("untracked").value(report.untracked());
      json.name("unavailable");
      Json.unavailable(json, report.unavailable());
      json.endObject();
    });
  }

  private static void write(JsonWriter json, PortReport report) throws IOException {
    int port = report.port();
    json.beginObject();
    json.name("port").value(port);
    json.name("time").value(report.time().toString());
    json.name("ianaRange").value(report.ianaRange().label());
    json.name("services").beginArray();
    for (RegisteredService service : report.services()) {
      json.beginObject();
      json.name("name").value(service.name());
      json.name("protocol").value(service.protocol());
      json.name("description").value(service.description());
      json.endObject();
    }
    json.endArray();
    json.name("registryDate").value(ServiceRegistry.updated().toString());
    json.name("liveRange");
    Json.range(json, report.range().summary());
    json.name("inLiveRange").value(report.range().contains(port));
    json.name("reserved").value(report.range().contains(port) && !report.range().allocates(port));
    json.name("availability").beginObject();
    for (Map.Entry<Protocol, PortAvailability> entry : report.availability().entrySet()) {
      json.name(entry.getKey().label()).value(entry.getValue().label());
    }
    json.endObject();
    json.name("sockets");
    sockets(json, report.sockets());
    json.name("untracked").value(report.untracked());
    json.name("history");
    history(json, report.history());
    json.name("unavailable");
    Json.unavailable(json, report.unavailable());
    json.endObject();
  }

  private static void sockets(JsonWriter json, List<FoundSocket> sockets) throws IOException {
    json.beginArray();
    for (FoundSocket socket : sockets) {
      json.beginObject();
      json.name("netns").value(socket.netns());
      json.name("protocol").value(socket.protocol().label());
      json.name("state").value(socket.state().label());
      json.name("local");
      endpoint(json, socket.local());
      json.name("remote");
      endpoint(json, socket.remote());
      json.name("v6only").value(socket.v6only());
      json.name("interfaceIndex").value(socket.interfaceIndex());
      json.name("timeWaitSeconds");
      if (socket.ownerless() && socket.timeWaitMillis() > 0) {
        json.value(socket.timeWaitMillis() / 1000.0);
      } else {
        json.nullValue();
      }
      json.name("user").value(Json.orNull(socket.user()));
      json.name("process");
      process(json, socket);
      json.name("controlGroup");
      controlGroup(json, socket.controlGroup());
      json.endObject();
    }
    json.endArray();
  }

  private static void endpoint(JsonWriter json, @Nullable Endpoint endpoint) throws IOException {
    if (endpoint == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("address").value(endpoint.address());
    json.name("port").value(endpoint.port());
    json.endObject();
  }

  private static void process(JsonWriter json, FoundSocket socket) throws IOException {
    OwningProcess process = socket.process();
    if (process == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("pid").value(process.pid());
    json.name("name").value(process.name());
    json.name("started");
    json.value(socket.processStarted() == null ? null : socket.processStarted().toString());
    json.endObject();
  }

  private static void controlGroup(JsonWriter json, @Nullable ControlGroup group)
      throws IOException {
    if (group == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("path").value(group.path());
    json.name("unit").value(Json.orNull(group.unit()));
    json.name("container").value(Json.orNull(group.container()));
    json.name("pod").value(Json.orNull(group.pod()));
    json.endObject();
  }

  private static void history(JsonWriter json, @Nullable List<LastSeen> history)
      throws IOException {
    if (history == null) {
      json.nullValue();
      return;
    }
    json.beginArray();
    for (LastSeen seen : history) {
      json.beginObject();
      json.name("netns").value(seen.netns());
      json.name("protocol").value(seen.protocol().label());
      json.name("state").value(seen.state().label());
      json.name("since").value(seen.since().toString());
      json.name("last").value(seen.last().toString());
      json.name("owner");
      LastSeen.Owner owner = seen.owner();
      if (owner == null) {
        json.nullValue();
      } else {
        json.beginObject();
        json.name("user").value(owner.user());
        json.name("controlGroup");
        controlGroup(json, owner.controlGroup());
        json.name("seen").value(owner.seen().toString());
        json.endObject();
      }
      json.endObject();
    }
    json.endArray();
  }
}
