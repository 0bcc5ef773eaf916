package io.github.portpool.export.json;

import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.Searched;
import io.github.portpool.lookup.ServiceRegistry;
import io.github.portpool.lookup.SocketGroup;
import io.github.portpool.lookup.SocketsReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is on a port, and what a process holds, as JSON. */
public final class PortJson {
  private static final double MILLIS = 1000;

  private PortJson() {}

  /** One object. */
  public static String of(PortReport report) {
    return Json.text(fields(report));
  }

  /** An array of such objects. */
  public static String of(List<PortReport> reports) {
    return Json.text(reports.stream().map(PortJson::fields));
  }

  /** What the processes of a name hold, one object. */
  public static String ofProcess(SocketsReport report) {
    return of(new Fields().with("process", report.name()), report);
  }

  /** Sockets that have something in common, one object. */
  public static String of(SocketsReport report) {
    return of(new Fields(), report);
  }

  private static String of(Fields fields, SocketsReport report) {
    return Json.text(
        fields
            .with("time", report.time())
            .with("searched", searched(report.searched()))
            .with("sockets", report.sockets().stream().map(PortJson::socket))
            .with("untracked", report.untracked())
            .with("groups", report.groups().stream().map(PortJson::group))
            .with("unavailable", Json.unavailable(report.unavailable())));
  }

  private static Fields group(SocketGroup group) {
    return new Fields()
        .with("netns", group.netns())
        .with("protocol", group.protocol())
        .with("state", group.state())
        .with("local", endpoint(group.local()))
        .with("remote", endpoint(group.remote()))
        .with("sockets", group.sockets())
        .with("user", Json.orNull(group.user()))
        .with("holder", group.holder())
        .with("processes", group.processes().stream().map(PortJson::process))
        .with("untrackedProcesses", group.untrackedProcesses())
        .with("controlGroup", Json.controlGroup(group.controlGroup()));
  }

  private static Fields fields(PortReport report) {
    int port = report.port();
    boolean inRange = report.range().contains(port);
    List<LastSeen> history = report.history();
    return new Fields()
        .with("port", port)
        .with("time", report.time())
        .with("netns", report.netns())
        .with("searched", searched(report.searched()))
        .with("ianaRange", report.ianaRange())
        .with("services", report.services().stream().map(PortJson::service))
        .with("registryDate", ServiceRegistry.updated())
        .with("ephemeralRange", Json.range(report.range().summary()))
        .with("inLiveRange", inRange)
        .with("reserved", inRange && !report.range().allocates(port))
        .with("availability", Fields.of(report.availability().keySet(), report.availability()::get))
        .with("sockets", report.sockets().stream().map(PortJson::socket))
        .with("untracked", report.untracked())
        .with("groups", report.groups().stream().map(PortJson::group))
        .with("history", history == null ? null : history.stream().map(PortJson::lastSeen))
        .with("unavailable", Json.unavailable(report.unavailable()));
  }

  private static Fields service(RegisteredService service) {
    return new Fields()
        .with("name", service.name())
        .with("protocol", service.protocol())
        .with("description", service.description());
  }

  private static Fields socket(FoundSocket socket) {
    boolean waits = socket.ownerless() && socket.timeWaitMillis() > 0;
    return new Fields()
        .with("netns", socket.netns())
        .with("protocol", socket.protocol())
        .with("state", socket.state())
        .with("local", endpoint(socket.local()))
        .with("remote", endpoint(socket.remote()))
        .with("v6only", socket.v6only())
        .with("interfaceIndex", socket.interfaceIndex())
        .with("timeWaitSeconds", waits ? socket.timeWaitMillis() / MILLIS : null)
        .with("user", Json.orNull(socket.user()))
        .with("holder", socket.holder())
        .with(
            "process", socket.processes().stream().findFirst().map(PortJson::process).orElse(null))
        .with("processes", socket.processes().stream().map(PortJson::process))
        .with("untrackedProcesses", socket.untrackedProcesses())
        .with("controlGroup", Json.controlGroup(socket.controlGroup()));
  }

  private static @Nullable Fields endpoint(@Nullable Endpoint endpoint) {
    return endpoint == null
        ? null
        : new Fields().with("address", endpoint.address()).with("port", endpoint.port());
  }

  private static Fields process(FoundSocket.HeldBy process) {
    return new Fields()
        .with("pid", process.pid())
        .with("name", process.name())
        .with("started", process.started())
        .with("command", Json.orNull(process.command()));
  }

  private static Fields searched(Searched searched) {
    return new Fields().with("namespaces", searched.namespaces()).with("which", searched.which());
  }

  private static Fields lastSeen(LastSeen seen) {
    return new Fields()
        .with("netns", seen.netns())
        .with("protocol", seen.protocol())
        .with("state", seen.state())
        .with("since", seen.since())
        .with("last", seen.last())
        .with("owner", owner(seen.owner()));
  }

  private static @Nullable Fields owner(LastSeen.@Nullable Owner owner) {
    return owner == null
        ? null
        : new Fields()
            .with("user", owner.user())
            .with("controlGroup", Json.controlGroup(owner.controlGroup()))
            .with("seen", owner.seen());
  }
}
