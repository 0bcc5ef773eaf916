package io.github.portpool.export.web;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.pool.PoolUsage;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.Snapshot;
import io.github.portpool.table.Feature;
import io.github.portpool.table.Protocol;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/** The page at {@code /}: what this is, how the pool is now, where to go, what cannot be seen. */
public final class LandingPage {
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>portpool</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: 1rem 0; }
      th, td { text-align: left; padding: .25rem 1.5rem .25rem 0; vertical-align: top; }
      td.n { text-align: right; font-variant-numeric: tabular-nums; }
      .bad { color: #c62828; font-weight: 600; }
      </style>
      </head>
      <body>
      <h1>portpool</h1>
      """;

  private final BuildInfo build;
  private final String telemetryPath;

  private LandingPage(BuildInfo build, String telemetryPath) {
    this.build = build;
    this.telemetryPath = telemetryPath;
  }

  /** The handler of the page. */
  public static HttpHandler of(
      Supplier<SampleReport> reports, BuildInfo build, String telemetryPath) {
    LandingPage page = new LandingPage(build, telemetryPath);
    return exchange -> Page.send(exchange, 200, Page.HTML, page.html(reports.get()));
  }

  private String html(SampleReport report) {
    StringBuilder html = new StringBuilder(HEAD);
    html.append(
        """
        <p>How close this host is to running out of ephemeral ports. Version %s, revision %s.</p>
        <ul>
        <li><a href="%s">Metrics</a></li>
        <li><a href="/-/ready">Ready</a></li>
        <li><a href="/-/healthy">Healthy</a></li>
        </ul>
        """
            .formatted(
                Page.escape(build.version()),
                Page.escape(build.revision()),
                Page.escape(telemetryPath)));
    if (!report.success()) {
      html.append("<p class=\"bad\">The last sample failed: ")
          .append(Page.escape(report.message()))
          .append(".</p>\n");
    }
    Snapshot snapshot = report.lastGood();
    if (snapshot != null) {
      pools(html, snapshot);
    }
    unavailable(html, report);
    return html.append("</body>\n</html>\n").toString();
  }

  private static void pools(StringBuilder html, Snapshot snapshot) {
    html.append(
        """
        <h2>The pool</h2>
        <p>Ports %d to %d, %d of them reserved: %d can be allocated. Sampled at %s.</p>
        <table>
        <tr><th></th><th>TCP</th><th>UDP</th></tr>
        """
            .formatted(
                snapshot.range().first(),
                snapshot.range().last(),
                snapshot.range().reserved(),
                snapshot.range().capacity(),
                snapshot.time().truncatedTo(ChronoUnit.SECONDS)));
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    PoolUsage udp = snapshot.pool(Protocol.UDP);
    String bound = tcp.exact() ? "" : " (upper bound)";
    row(html, "free toward the worst destination" + bound, tcp.worst().free(), udp.worst().free());
    row(html, "free for bind() to port 0", tcp.bindFree(), udp.bindFree());
    row(html, "closed to every connect()", tcp.blocked().total(), udp.blocked().total());
    row(html, "destinations", tcp.destinations(), udp.destinations());
    row(
        html,
        "listeners that a client can collide with",
        tcp.listeners().unreservedInRange(),
        udp.listeners().unreservedInRange());
    html.append("</table>\n");
  }

  private static void row(StringBuilder html, String name, int tcp, int udp) {
    html.append(
        "<tr><th scope=\"row\">%s</th><td class=\"n\">%d</td><td class=\"n\">%d</td></tr>\n"
            .formatted(Page.escape(name), tcp, udp));
  }

  private static void unavailable(StringBuilder html, SampleReport report) {
    html.append("<h2>What it cannot see here</h2>\n<table>\n");
    for (Feature feature : Feature.values()) {
      String reason = report.unavailable().get(feature);
      if (reason != null) {
        html.append(
            "<tr><th scope=\"row\">%s</th><td>%s.</td></tr>\n"
                .formatted(feature.label(), Page.escape(reason)));
      }
    }
    html.append("</table>\n");
  }
}
