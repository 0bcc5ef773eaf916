package io.github.portpool.export.text;

import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.ServiceRegistry;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.table.EphemeralPorts;
import java.time.LocalDate;
import java.util.List;

/** What a port is, whatever is on it: its ranges, its services, who may be given it. */
public final class PortFacts {
  private PortFacts() {}

  /** What it is on every host: a row for each fact, its name, and what is so. */
  public static TextTable everywhere(int port) {
    return everywhere(port, ServiceRegistry.of(port));
  }

  private static TextTable everywhere(int port, List<RegisteredService> services) {
    TextTable facts = new TextTable("", "");
    IanaRange iana = IanaRange.of(port);
    facts.row(
        "IANA range",
        "%d-%d, %s: %s".formatted(iana.first(), iana.last(), iana.title(), iana.purpose()));
    LocalDate updated = ServiceRegistry.updated();
    if (services.isEmpty()) {
      facts.row("service", "none is registered (IANA, " + updated + ")");
    }
    for (RegisteredService service : services) {
      facts.row(
          "service",
          "%s/%s: %s (IANA, %s)"
              .formatted(service.name(), service.protocol(), service.description(), updated));
    }
    return facts;
  }

  /** The same, and what it is on this host. */
  public static TextTable of(PortReport report) {
    TextTable facts = everywhere(report.port(), report.services());
    facts.row("ephemeral range", ephemeralRange(report));
    report
        .availability()
        .forEach((protocol, availability) ->
            facts.row(protocol.label() + " clients", availability(report, protocol, availability)));
    for (Protocol protocol : Protocol.values()) {
      facts.row(protocol.label() + " bind()", BindAnswer.of(report, protocol));
    }
    return facts;
  }

  private static String ephemeralRange(PortReport report) {
    EphemeralPorts range = report.range();
    int port = report.port();
    String where = range.contains(port) ? "inside" : "outside";
    String reserved =
        range.contains(port) && !range.allocates(port)
            ? ", and reserved (net.ipv4.ip_local_reserved_ports)"
            : "";
    String who =
        report.onHost() ? "this host" : "network namespace " + report.netns() + " (this one)";
    return "%s %d-%d, from which %s gives ports to clients%s"
        .formatted(where, range.first(), range.last(), who, reserved);
  }

  private static String availability(
      PortReport report, Protocol protocol, PortAvailability availability) {
    return switch (availability) {
      case OUTSIDE_RANGE ->
          "are not given it, it is outside the ephemeral range; bind() may name it";
      case RESERVED -> "are not given it, it is reserved; bind() may name it";
      case CLOSED -> "are not given it now, a socket has closed it to every connect()";
      case OUTLIVED ->
          "are not given it now: its bucket has outlived who bound it, a listener mostly, and stays"
              + " closed to every connect() until these connections end";
      case IPV4_ONLY -> "may be given it over IPv4 alone, a socket holds it for IPv6";
      case SHARED ->
          "may be given it toward other destinations"
              + (report.unavailable().containsKey(Feature.EXACT_BLOCKED)
                  ? ", unless a bind() that is not seen has closed it"
                  : "");
      case UNKNOWN ->
          "may or may not be given it: a socket that is not seen here may have closed it";
      case FREE ->
          protocol == Protocol.TCP
              ? "may be given it by connect() now, nothing holds it"
              : "may be given it now, nothing holds it";
    };
  }
}
