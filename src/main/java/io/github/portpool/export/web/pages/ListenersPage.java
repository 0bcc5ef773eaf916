package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.text.SocketRows;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.SocketsReport;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * The page at {@code /listeners}: who listens on which port, in every network namespace that the
 * agent reads.
 */
public final class ListenersPage {
  static final String PATH = "/listeners";

  /** So many keep the page small; the terminal has no such bound. */
  private static final int MOST = 400;

  private ListenersPage() {}

  /** The handler of the page. */
  public static HttpHandler of(Agent agent, Layout layout) {
    return AskingPage.handler(exchange -> answer(exchange, agent, layout));
  }

  private static void answer(HttpExchange exchange, Agent agent, Layout layout)
      throws IOException, LookupException, InterruptedException {
    String page = layout.page("Listeners", PATH, body(agent.listeners().ask()));
    Page.send(exchange, 200, Page.HTML, page);
  }

  private static Html body(SocketsReport report) {
    Html html =
        new Html(
            "<h1>Listeners</h1>\n<p>Sockets that wait for strangers; a port leads to all that is"
                + " on it.</p>\n");
    List<FoundSocket> shown =
        report.sockets().stream()
            .sorted(Comparator.comparingInt(socket -> socket.local().port()))
            .limit(MOST)
            .toList();
    List<Html> ports =
        shown.stream().map(socket -> PortMapPage.portLink(socket.local().port())).toList();
    html.add("%s", HtmlTable.of("Listeners", "Port", ports, SocketRows.of(shown, report.time())));
    int more = report.sockets().size() - shown.size() + report.untracked();
    if (more > 0) {
      html.add(
          "<p>and %,d more: %s lists all.</p>\n", more, Html.command("portpool who --sockets"));
    }
    return html.add(
        "<p class=\"quiet\">Looked up at %s. Searched: %s.</p>\n%s",
        PoolTable.time(report.time()),
        report.searched().toString(),
        HtmlTable.unseen(report.unavailable()));
  }
}
