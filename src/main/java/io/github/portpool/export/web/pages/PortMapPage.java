package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.advice.CheckState;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.PortMap;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.TightDestination;
import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The page at {@code /ports}: all ports as a picture, the pool, the worst destinations, the last
 * hour.
 *
 * <p>It is complete without its script but for the picture. The script draws that, and now and then
 * asks for the page again and puts the new parts in the place of the old, so that what is shown is
 * rendered here alone. {@code /ports?port=N}, which a form makes, leads on to the page of that
 * port.
 */
public final class PortMapPage {
  private static final String PATH = "/ports";
  private static final int MOST_HOLDERS = 3;
  private static final String QUESTION = "port=";

  private final Agent agent;
  private final Layout layout;

  private PortMapPage(Agent agent, Layout layout) {
    this.agent = agent;
    this.layout = layout;
  }

  /** The handler of the page. */
  public static HttpHandler of(Agent agent, Layout layout) {
    return AskingPage.handler(new PortMapPage(agent, layout)::answer);
  }

  private void answer(HttpExchange exchange)
      throws IOException, LookupException, InterruptedException {
    URI uri = exchange.getRequestURI();
    if (uri.getQuery() != null && uri.getQuery().startsWith(QUESTION)) {
      lead(exchange, PortNumber.parse(uri.getQuery().substring(QUESTION.length())));
      return;
    }
    PortMap map = agent.map().ask();
    SampleReport report = agent.report().get();
    String chosen = NamespacePicker.chosen(uri);
    Optional<NamespaceReport> shown = NamespacePicker.find(report, chosen);
    if (shown.isPresent()) {
      String page = layout.page("Port map", PATH, body(map, report, chosen, shown.get()));
      Page.send(exchange, 200, Page.HTML, page);
    } else {
      Page.send(exchange, 404, Page.TEXT, "No such network namespace is known, or not any more.\n");
    }
  }

  private static void lead(HttpExchange exchange, OptionalInt port) throws IOException {
    if (port.isEmpty()) {
      PortNumber.refuse(exchange);
      return;
    }
    Page.header(exchange, "Location", PATH + "/" + port.getAsInt());
    Page.send(exchange, 303, Page.TEXT, "The page of the port is at its own address.\n");
  }

  private Html body(PortMap map, SampleReport report, String chosen, NamespaceReport shown) {
    Html html =
        new Html("<script type=\"module\" src=\"/assets/map.js\"></script>\n")
            .add("<h1>Port map</h1>\n");
    html.add("<div id=\"trouble\" data-live>%s</div>\n", LandingPage.trouble(report));
    Snapshot snapshot = shown.lastGood();
    if (snapshot == null) {
      return html;
    }
    boolean own = shown.netns().equals(report.host().netns());
    html.add("<div id=\"verdict\" data-live>%s</div>\n", VerdictPart.of(report));
    html.add("%s", NamespacePicker.form(report, chosen));
    html.add("<div id=\"tiles\" data-live>%s</div>\n", tiles(report, snapshot));
    if (own) {
      html.add("%s", PortMapLegend.of(map, report.intervalSeconds()));
      html.add(
          "<section><h2>The last hour</h2>\n<div id=\"history\" data-live>%s</div></section>\n",
          HistoryChart.of(agent.trend().get()));
    } else {
      html.add(
          "<p>The agent draws its own network namespace alone, and remembers the hour of it.</p>\n");
    }
    html.add(
        "<section><h2>The pool</h2>\n<div id=\"pool\" data-live>%s</div></section>\n",
        PoolTable.of(snapshot));
    html.add(
        "<section><h2>The worst destinations</h2>\n<div id=\"destinations\" data-live>%s</div></section>\n",
        destinations(report, chosen));
    html.add(
        "<section><h2>Listeners inside the ephemeral range</h2>\n<div id=\"listeners\" data-live>%s</div></section>\n",
        listeners(report, chosen));
    return html;
  }

  private static Html tiles(SampleReport report, Snapshot snapshot) {
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    PoolUsage udp = snapshot.pool(Protocol.UDP);
    Html html = new Html("<dl class=\"tiles\">\n");
    String ofAll = String.format(Locale.ROOT, "of %,d ports", snapshot.range().capacity());
    tile(
        html,
        "TCP free toward the worst destination" + PoolTable.bound(tcp.exact()),
        tcp.worst(),
        ofAll);
    tile(html, "TCP ports with a socket", tcp.used(), ofAll);
    tile(html, "UDP free toward the worst destination", udp.worst(), ofAll);
    tile(
        html,
        "Destinations past one half",
        tcp.slowDestinations() + udp.slowDestinations(),
        String.format(Locale.ROOT, "of %,d", tcp.destinations() + udp.destinations()));
    ConnectFailures failures = report.failures();
    if (failures != null) {
      tile(
          html,
          "connect() calls that failed for lack of a port, whole host",
          failures.ipv4() + failures.ipv6(),
          "since portpool began");
    }
    return html.add("</dl>\n");
  }

  private static void tile(Html html, String name, Headroom headroom, String unit) {
    CheckState state = Thresholds.USUAL.state(headroom);
    html.add(
        "<div class=\"%s\"><dt>%s</dt><dd><b>%,d</b> %s%s</dd></div>\n",
        state.label(), name, headroom.free(), unit, state == CheckState.OK ? "" : ": " + state);
  }

  private static void tile(Html html, String name, long figure, String unit) {
    html.add("<div><dt>%s</dt><dd><b>%,d</b> %s</dd></div>\n", name, figure, unit);
  }

  private static Html destinations(SampleReport report, String chosen) {
    Html rows = new Html();
    report
        .destinations()
        .filter(each -> isShown(each.snapshot(), chosen))
        .forEach(each -> destination(rows, report, each));
    if (rows.isEmpty()) {
      return new Html("<p>No socket of the pool has a destination.</p>\n");
    }
    return new Html(
        """
        <div class="scroll" tabindex="0" role="group" aria-label="The worst destinations">
        <table class="cards"><thead><tr><th scope="col">Namespace</th><th scope="col">Protocol</th><th scope="col">Source</th><th scope="col">Destination</th><th scope="col" class="n">Not usable</th><th scope="col" class="n">Free</th><th scope="col">Share</th><th scope="col">State</th><th scope="col">By</th></tr></thead>
        <tbody>
        %s</tbody></table></div>
        """,
        rows);
  }

  private static void destination(Html html, SampleReport report, TightDestination each) {
    DestinationUsage usage = each.usage();
    Html holders = new Html();
    each.holders().stream()
        .limit(MOST_HOLDERS)
        .forEach(holder -> holders.add("<div>%s</div>", report.holderNames().line(holder)));
    int used = usage.headroom().used();
    int capacity = used + usage.headroom().free();
    CheckState state = Thresholds.USUAL.state(usage.headroom());
    html.add(
        """
        <tr><td>%s</td><td>%s</td><td>%s</td><th scope="row">%s</th><td class="n">%,d</td><td class="n">%,d</td>
        <td><meter min="0" max="%d" low="%d" high="%d" optimum="0" value="%d" aria-label="%s">%s</meter></td><td class="%s">%s</td><td>%s</td></tr>
        """,
        each.snapshot().netns(),
        usage.protocol().label(),
        usage.source(),
        usage.destination(),
        used,
        usage.headroom().free(),
        capacity,
        Math.max(0, Thresholds.USUAL.mostWithoutWarning(capacity)),
        Math.max(0, Thresholds.USUAL.mostUncritical(capacity)),
        used,
        used + " of " + capacity + " ports are not usable",
        used + " of " + capacity,
        state.label(),
        state == CheckState.OK && usage.headroom().slow() ? "expensive" : state.label(),
        holders);
  }

  private static boolean isShown(Snapshot snapshot, String chosen) {
    return chosen.isEmpty() || snapshot.netns().equals(chosen);
  }

  private static Html listeners(SampleReport report, String chosen) {
    List<Snapshot> shown =
        report.snapshots().filter(snapshot -> isShown(snapshot, chosen)).toList();
    Html rows = new Html();
    shown.forEach(snapshot ->
        snapshot.poolListeners().forEach(listener -> listener(rows, report, snapshot, listener)));
    int untracked = shown.stream().mapToInt(Snapshot::untrackedListeners).sum();
    if (rows.isEmpty()) {
      return new Html("<p>There are none: no client can take the port of a service.</p>\n");
    }
    Html html =
        new Html(
            """
            <p>A client may be given the port of one that is not reserved while it does not run.</p>
            <div class="scroll" tabindex="0" role="group" aria-label="Listeners inside the ephemeral range">
            <table class="cards"><thead><tr><th scope="col">Namespace</th><th scope="col">Protocol</th><th scope="col">Port</th><th scope="col">Reserved</th><th scope="col">Process</th><th scope="col">User</th><th scope="col">Control group</th></tr></thead>
            <tbody>
            %s</tbody></table></div>
            """,
            rows);
    return untracked == 0 ? html : html.add("<p>There are %,d more.</p>\n", untracked);
  }

  private static void listener(
      Html html, SampleReport report, Snapshot snapshot, PoolListener listener) {
    OwningProcess process = report.owners().process(listener.inode());
    ControlGroup group = report.owners().controlGroup(listener.controlGroup());
    html.add(
        "<tr><td>%s</td><td>%s</td><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
        snapshot.netns(),
        listener.protocol().label(),
        portLink(listener.port()),
        listener.reserved() ? "yes" : "no",
        process == null ? "not known" : process.name() + " (" + process.pid() + ")",
        process == null ? "not known" : process.user(),
        group == null ? "not known" : group.path());
  }

  /** A port that leads to its page. */
  static Html portLink(int port) {
    return new Html("<a href=\"/ports/%d\">%d</a>", port, port);
  }
}
