package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.text.Headline;
import io.github.portpool.export.text.HistoryRows;
import io.github.portpool.export.text.PortFacts;
import io.github.portpool.export.text.SocketRows;
import io.github.portpool.export.web.pages.Agent.PortQuestion;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.table.PortSet;
import java.util.List;
import java.util.Optional;

/**
 * The page at {@code /ports/N}: the answer of {@code portpool who}, and how to ask the system's own
 * tools.
 */
public final class PortPage {
  private PortPage() {}

  /** The handler of the pages of all ports. */
  public static HttpHandler of(PortQuestion question, Layout layout) {
    PatientPorts ports = new PatientPorts(question);
    return PortNumber.answering((exchange, port) -> {
      Optional<PortReport> report = ports.ask(port);
      if (report.isEmpty()) {
        Page.header(exchange, "Refresh", "1");
      }
      Html body = report.map(PortPage::body).orElseGet(() -> looking(port));
      Page.send(exchange, 200, Page.HTML, layout.page("Port " + port, "/ports/" + port, body));
    });
  }

  private static Html looking(int port) {
    return title(port)
        .add(
            "<p class=\"lead\" role=\"status\">The agent is still looking at all sockets of this host:"
                + " this page comes again by itself.</p>\n")
        .add(
            "<h2>What port %d is</h2>\n%s%s",
            port, HtmlTable.facts(PortFacts.everywhere(port)), SystemTools.about(port));
  }

  private static Html title(int port) {
    return new Html()
        .add("<div class=\"title\"><h1>Port %d</h1>\n%s</div>\n", port, neighbours(port));
  }

  private static Html body(PortReport report) {
    int port = report.port();
    return title(port)
        .add("<p class=\"lead\">%s</p>\n%s", Headline.of(report), sockets(report))
        .add("<h2>What port %d is</h2>\n%s", port, HtmlTable.facts(PortFacts.of(report)))
        .add(
            "%s%s%s",
            history(report), SystemTools.about(port), HtmlTable.unseen(report.unavailable()));
  }

  private static Html neighbours(int port) {
    Html html = new Html().add("<nav aria-label=\"Neighbouring ports\" class=\"neighbours\">\n");
    if (port > 1) {
      html.add("<a href=\"/ports/%d\" rel=\"prev\">Port %d</a>\n", port - 1, port - 1);
    }
    if (port < PortSet.LAST) {
      html.add("<a href=\"/ports/%d\" rel=\"next\">Port %d</a>\n", port + 1, port + 1);
    }
    return html.add("</nav>\n");
  }

  private static Html sockets(PortReport report) {
    Html html = new Html();
    if (!report.sockets().isEmpty()) {
      html.add(
          "%s",
          HtmlTable.of("Sockets on this port", SocketRows.of(report.sockets(), report.time())));
    }
    if (report.untracked() > 0) {
      html.add("<p>and %,d more</p>\n", report.untracked());
    }
    return html.add(
        "<p class=\"quiet\">Looked up at %s. Searched: %s.</p>\n",
        PoolTable.time(report.time()), report.searched().toString());
  }

  private static Html history(PortReport report) {
    List<LastSeen> history = report.history();
    if (history == null) {
      return new Html();
    }
    Html html = new Html().add("<h2>What the agent saw there</h2>\n");
    return history.isEmpty()
        ? html.add("<p>Nothing, so far.</p>\n")
        : html.add(
            "%s", HtmlTable.of("What the agent saw there", HistoryRows.of(history, report.time())));
  }
}
