package io.github.portpool.export.text;

import io.github.portpool.export.text.TextTable.Side;
import io.github.portpool.host.Printable;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.ProcessReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.ServiceRegistry;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.table.EphemeralRange;
import io.github.portpool.table.Feature;
import io.github.portpool.table.IanaRange;
import io.github.portpool.table.Protocol;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is on a port, or what a process holds, as a page of text: the answer is its first line. */
public final class WhoText {
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();

  private WhoText() {}

  /**
   * A page about a port.
   *
   * @param noHistory why the report has no history, where it has none
   */
  public static String of(PortReport report, String noHistory) {
    WhoText page = new WhoText();
    page.line(Headline.of(report));
    page.sockets(report.sockets(), report.untracked(), report.time(), report.unavailable());
    page.line("");
    page.line("What port " + report.port() + " is");
    page.port(report);
    page.line("");
    page.history(report, noHistory);
    Set<Feature> matter = EnumSet.of(Feature.LIVE_RANGE, Feature.TIME_WAIT, Feature.BOUND_INACTIVE);
    page.notes(matter, report.sockets(), report.unavailable());
    return page.text.toString();
  }

  /** A page about the processes of a name. */
  public static String of(ProcessReport report) {
    WhoText page = new WhoText();
    List<FoundSocket> sockets = report.sockets();
    if (sockets.isEmpty()) {
      page.line("No process called " + report.name() + " holds a TCP or UDP socket now.");
    } else {
      page.line(
          "%s: %s, pid %s"
              .formatted(
                  report.name(),
                  counted(sockets.size() + report.untracked(), "socket"),
                  pids(sockets)));
    }
    page.sockets(sockets, report.untracked(), report.time(), report.unavailable());
    page.notes(EnumSet.of(Feature.PROCESSES), sockets, report.unavailable());
    return page.text.toString();
  }

  private static String counted(int count, String thing) {
    return "%,d %s%s".formatted(count, thing, count == 1 ? "" : "s");
  }

  private static String pids(List<FoundSocket> sockets) {
    return sockets.stream()
        .map(FoundSocket::process)
        .map(process -> process == null ? "?" : String.valueOf(process.pid()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void line(String line) {
    text.append(Printable.oneLine(line)).append('\n');
  }

  private void sockets(
      List<FoundSocket> sockets, int untracked, Instant now, Map<Feature, String> unavailable) {
    if (sockets.isEmpty()) {
      return;
    }
    line("");
    SocketRows.of(sockets, now, !unavailable.containsKey(Feature.PROCESSES)).writeTo(text, "");
    if (untracked > 0) {
      line("and " + counted(untracked, "more socket"));
    }
  }

  private void port(PortReport report) {
    TextTable facts = new TextTable().column(Side.LEFT, "").column(Side.LEFT, "");
    IanaRange iana = report.ianaRange();
    facts.row(
        "IANA range",
        "%d-%d, %s: %s".formatted(iana.first(), iana.last(), iana.title(), iana.purpose()));
    List<RegisteredService> services = report.services();
    if (services.isEmpty()) {
      facts.row("service", "none is registered (IANA, " + ServiceRegistry.updated() + ")");
    }
    for (RegisteredService service : services) {
      facts.row(
          "service",
          "%s/%s: %s (IANA, %s)"
              .formatted(
                  service.name(),
                  service.protocol(),
                  service.description(),
                  ServiceRegistry.updated()));
    }
    facts.row("live range", liveRange(report.range(), report.port()));
    report
        .availability()
        .forEach((protocol, availability) ->
            facts.row(protocol.label() + " clients", availability(report, protocol, availability)));
    facts.writeTo(text, INDENT);
  }

  private static String liveRange(EphemeralRange range, int port) {
    String where = range.contains(port) ? "inside" : "outside";
    String reserved =
        range.contains(port) && !range.allocates(port)
            ? ", and reserved (net.ipv4.ip_local_reserved_ports)"
            : "";
    return "%s %d-%d, from which this host gives ports to clients%s"
        .formatted(where, range.first(), range.last(), reserved);
  }

  private static String availability(
      PortReport report, Protocol protocol, PortAvailability availability) {
    return switch (availability) {
      case OUTSIDE_RANGE -> "are not given it, it is outside the live range; bind() may name it";
      case RESERVED -> "are not given it, it is reserved; bind() may name it";
      case CLOSED -> "are not given it now, a socket has closed it to every connect()";
      case SHARED ->
          "may be given it toward other destinations"
              + (report.unavailable().containsKey(Feature.EXACT_BLOCKED)
                  ? ", unless a bind() that is not seen has closed it"
                  : "");
      case FREE ->
          protocol == Protocol.TCP
              ? "may be given it by connect() now, nothing holds it"
              : "may be given it now, nothing holds it";
    };
  }

  private void history(PortReport report, String noHistory) {
    List<LastSeen> history = report.history();
    if (history == null) {
      line(noHistory);
      return;
    }
    if (history.isEmpty()) {
      line("The running agent has never seen anything there.");
      return;
    }
    line("What the running agent saw there");
    TextTable table =
        new TextTable()
            .column(Side.LEFT, "NETNS")
            .column(Side.LEFT, "PROTO")
            .column(Side.LEFT, "STATE")
            .column(Side.LEFT, "SINCE")
            .column(Side.LEFT, "LAST SEEN")
            .column(Side.RIGHT, "AGO")
            .column(Side.LEFT, "LAST OWNER");
    for (LastSeen seen : history) {
      LastSeen.Owner owner = seen.owner();
      table.row(
          seen.netns(),
          seen.protocol().label(),
          seen.state().label(),
          seconds(seen.since()),
          seconds(seen.last()),
          Ages.between(seen.last(), report.time()),
          owner == null
              ? "-"
              : OwnerWords.joined("user " + owner.user(), OwnerWords.unit(owner.controlGroup())));
    }
    table.writeTo(text, INDENT);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Says what cannot be seen: namespaces, owners that are missing here, and what else matters. */
  private void notes(
      Set<Feature> matter, List<FoundSocket> sockets, Map<Feature, String> unavailable) {
    matter.add(Feature.NAMESPACES);
    for (FoundSocket socket : sockets) {
      if (!socket.ownerless() && socket.process() == null) {
        matter.add(Feature.PROCESSES);
      }
      if (!socket.ownerless() && socket.controlGroup() == null) {
        matter.add(Feature.CGROUPS);
      }
    }
    matter.retainAll(unavailable.keySet());
    if (!matter.isEmpty()) {
      line("");
      matter.forEach(feature -> line("Note: " + unavailable.get(feature)));
    }
  }
}
