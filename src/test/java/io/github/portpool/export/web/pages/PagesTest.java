package io.github.portpool.export.web.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.export.web.server.DetailsAccess;
import io.github.portpool.export.web.server.ListenAddress;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.export.web.server.WebServer;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.OwnerNames;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.snapshot.Feature;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages of an agent that has no sample yet, and hostile text in them. */
class PagesTest {
  private static final String HOSTILE = "<script>alert(\"1\")</script>&'";
  private static final SampleReport REPORT =
      new SampleReport(
          "test",
          Map.of(Feature.CONNTRACK, HOSTILE),
          new NamespaceReport(
              "host", null, true, false, HOSTILE, 0, null, List.of(), NamespaceReport.UNKNOWN),
          List.of(),
          new OwnerNames(Map.of(), Map.of()),
          null,
          null,
          RecentFailures.uncounted("not here"),
          "host",
          Map.of(),
          Map.of(),
          0,
          5,
          Map.of());

  private static HttpResponse<String> request(String method, HttpHandler page) throws Exception {
    try (WebServer server =
            WebServer.start(
                List.of(ListenAddress.parse("127.0.0.1:0")),
                128,
                LiveWebConfig.none(),
                List.of(WebPage.open("/page", page)),
                new DetailsAccess(DetailsAccess.Clients.LOOPBACK, name -> false));
        HttpClient client = HttpClient.newHttpClient()) {
      int port = server.addresses().iterator().next().getPort();
      URI uri = URI.create("http://127.0.0.1:" + port + "/page");
      return client.send(
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void beforeTheFirstSampleItIsHealthyAndNotReady() throws Exception {
    assertEquals(200, request("GET", HealthPages.healthy()).statusCode());
    HttpResponse<String> ready = request("GET", HealthPages.ready(() -> REPORT));
    assertEquals(503, ready.statusCode());
    assertEquals("portpool is not ready: " + HOSTILE + ".\n", ready.body());
    assertEquals(
        "text/plain; charset=utf-8", ready.headers().firstValue("Content-Type").orElse(""));
    assertEquals("nosniff", ready.headers().firstValue("X-Content-Type-Options").orElse(""));
  }

  @Test
  void headTellsTheSame() throws Exception {
    assertEquals(200, request("HEAD", HealthPages.healthy()).statusCode());
    assertEquals(503, request("HEAD", HealthPages.ready(() -> REPORT)).statusCode());
  }

  @Test
  void theRunbookHasAChapterForEachAlert() throws Exception {
    HttpResponse<String> page =
        request("GET", RunbookPage.of(new Layout(new BuildInfo("1", "2"), "/metrics", () -> "")));
    assertEquals(200, page.statusCode());
    String source = Files.readString(Path.of("grafana/runbook.md"));
    List<String> alerts =
        source
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    assertTrue(alerts.contains("PortpoolDestinationExhausted"), alerts::toString);
    for (String alert : alerts) {
      assertTrue(page.body().contains("<h2 id=\"" + alert + "\">" + alert + "</h2>"), alert);
      assertTrue(page.body().contains("<a href=\"#" + alert + "\">"), alert);
    }
    assertTrue(
        page.body().contains("<code class=\"command\">sysctl -w net.ipv4.tcp_tw_reuse=1</code>"));
    String main = page.body().substring(page.body().indexOf("<main"));
    // Nothing is left that only Markdown understands, and every link inside leads somewhere.
    for (String mark : List.of("**", "`", "](", "\n#", "\n- ", "<p># ")) {
      assertFalse(main.contains(mark), mark);
    }
    Pattern.compile("href=\"#([^\"]+)\"")
        .matcher(main)
        .results()
        .forEach(link -> assertTrue(main.contains(" id=\"" + link.group(1) + "\""), link.group(1)));
  }

  @Test
  void aPageOfMarkdownIsEscaped() {
    String html =
        Markdown.html(
                "# A <b>\n\n## C&D\n\nSee **x<y** and `a<b`,\n[it](#c&d).\n\n```\nrm <\n\n```\n")
            .toString();
    assertTrue(html.startsWith("<h1>A &lt;b&gt;</h1>\n"), html);
    assertTrue(html.contains("<h2 id=\"C&amp;D\">C&amp;D</h2>\n"), html);
    assertTrue(
        html.contains(
            "<p>See <b>x&lt;y</b> and <code>a&lt;b</code>, <a href=\"#C&amp;D\">it</a>.</p>\n"),
        html);
    assertTrue(html.contains("<code class=\"command\">rm &lt;</code>"), html);
  }

  @Test
  void theLandingPageEscapesWhatItSays() throws Exception {
    HttpResponse<String> page =
        request(
            "GET",
            LandingPage.of(
                () -> REPORT, new Layout(new BuildInfo(HOSTILE, HOSTILE), HOSTILE, () -> HOSTILE)));
    String escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";
    assertEquals(200, page.statusCode());
    assertEquals(
        1, page.body().split("<script", -1).length - 1, "its own script alone: " + page.body());
    assertTrue(page.body().contains("<title>" + escaped + " - portpool</title>"), page.body());
    assertTrue(page.body().contains("<p class=\"host\">" + escaped + "</p>"), page.body());
    assertTrue(page.body().contains("portpool " + escaped + ", revision " + escaped));
    assertTrue(page.body().contains("href=\"" + escaped + "\""));
    assertTrue(page.body().contains("The last sample failed: " + escaped + "."));
    assertTrue(page.body().contains("<td>" + escaped + ".</td>"));
  }
}
