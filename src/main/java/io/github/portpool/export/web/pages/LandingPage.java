package io.github.portpool.export.web.pages;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.server.Page;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.Snapshot;
import java.util.function.Supplier;

/** The page at {@code /}: what this is, how the pool is now, where to go, what cannot be seen. */
public final class LandingPage {
  private LandingPage() {}

  /** The handler of the page. */
  public static HttpHandler of(Supplier<SampleReport> reports, Layout layout) {
    return exchange ->
        Page.send(
            exchange,
            200,
            Page.HTML,
            layout.page("", "/", body(reports.get(), layout, WebPage.mayShowDetails(exchange))));
  }

  private static Html body(SampleReport report, Layout layout, boolean details) {
    Html html =
        new Html(
            """
            <h1>portpool</h1>
            <p class="lead">How close this host is to running out of ephemeral ports.</p>
            """);
    html.add(
        "<div id=\"now\" data-live>%s%s</div>\n",
        trouble(report), details ? VerdictPart.of(report) : VerdictPart.anonymous(report));
    Snapshot snapshot = report.lastGood();
    if (snapshot != null) {
      html.add("<h2>The pool</h2>\n<div id=\"pool\" data-live>%s</div>\n", PoolTable.of(snapshot));
    }
    html.add(
        """
        <h2>Where to go</h2>
        <ul>
        <li><a href="/ports">Port map</a>: all 65,536 ports, the worst destinations, the last hour. It shows addresses and processes, and therefore only to clients on this host, unless it was started otherwise.</li>
        <li><a href="/listeners">Listeners</a>: who listens on which port; for the same clients.</li>
        <li><a href="/runbook">Runbook</a>: what each alert means and what to do then</li>
        <li><a href="%s">Metrics</a>, for Prometheus</li>
        <li><a href="/api/v1/openapi.json">API</a>, the same as JSON</li>
        <li><a href="/-/ready">Ready</a></li>
        <li><a href="/-/healthy">Healthy</a></li>
        </ul>
        """,
        layout.telemetryPath());
    return html.add("%s", HtmlTable.unseen(report.unavailable()));
  }

  /** What the last sample failed with; nothing when it was good. */
  static Html trouble(SampleReport report) {
    return report.success()
        ? new Html()
        : new Html("<p class=\"bad\">The last sample failed: %s.</p>\n", report.message());
  }
}
