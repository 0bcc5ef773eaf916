package io.github.portpool.export.web.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.export.web.config.LiveWebConfig;
import io.github.portpool.export.web.pages.Agent.PortQuestion;
import io.github.portpool.export.web.server.DetailsAccess;
import io.github.portpool.export.web.server.DetailsAccess.Clients;
import io.github.portpool.export.web.server.ListenAddress;
import io.github.portpool.export.web.server.WebPage;
import io.github.portpool.export.web.server.WebServer;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.FoundSocket;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.lookup.LookupException;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.RegisteredService;
import io.github.portpool.lookup.Searched;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.sample.BuildInfo;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a port, over HTTP, from reports with hostile text in them. */
class PortPageTest {
  private static final String HOSTILE = "</td><script>alert(\"1\")</script>&'\u202e\n";
  private static final String ESCAPED =
      "&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;\\u202e\\u000a";
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Layout LAYOUT =
      new Layout(new BuildInfo("1", "2"), "/metrics", () -> "web-1");

  private static PortReport hostile(int port) {
    ControlGroup group = new ControlGroup(HOSTILE, "", "", "");
    return new PortReport(
        port,
        NOW,
        HOSTILE,
        new Searched(2, HOSTILE),
        new EphemeralPorts(32_768, 60_999, new PortSet()),
        List.of(new RegisteredService(HOSTILE, "tcp", HOSTILE)),
        Map.of(Protocol.TCP, PortAvailability.CLOSED, Protocol.UDP, PortAvailability.FREE),
        List.of(
            new FoundSocket(
                HOSTILE,
                true,
                Protocol.TCP,
                SocketState.LISTEN,
                new Endpoint("::", port),
                null,
                false,
                0,
                0,
                HOSTILE,
                Holder.PROCESS,
                List.of(new FoundSocket.HeldBy(7, HOSTILE, NOW.minusSeconds(60), "")),
                0,
                group),
            new FoundSocket(
                "host",
                false,
                Protocol.TCP,
                SocketState.TIME_WAIT,
                new Endpoint("192.0.2.1", port),
                new Endpoint("2001:db8::1", 443),
                false,
                0,
                42_400,
                "",
                Holder.NOBODY,
                List.of(),
                0,
                null)),
        3,
        List.of(),
        List.of(
            new LastSeen(
                HOSTILE,
                Protocol.UDP,
                SocketState.UNCONNECTED,
                NOW.minusSeconds(600),
                NOW.minusSeconds(61),
                new LastSeen.Owner(HOSTILE, group, NOW.minusSeconds(61)))),
        Map.of(Feature.PROCESSES, HOSTILE));
  }

  private static WebServer serve(PortQuestion lookup) throws Exception {
    return WebServer.start(
        List.of(ListenAddress.parse("127.0.0.1:0")),
        128,
        LiveWebConfig.none(),
        List.of(
            WebPage.open("/-/healthy", HealthPages.healthy()),
            WebPage.details("/ports/*", PortPage.of(lookup, LAYOUT)).waiting()),
        new DetailsAccess(Clients.LOOPBACK, name -> false));
  }

  private static HttpRequest to(WebServer server, String path) {
    int port = server.addresses().iterator().next().getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
  }

  private static HttpResponse<String> get(PortQuestion lookup, String path) throws Exception {
    try (WebServer server = serve(lookup);
        HttpClient client = HttpClient.newHttpClient()) {
      return client.send(to(server, path), BodyHandlers.ofString());
    }
  }

  @Test
  void hostileTextStaysText() throws Exception {
    String page = get(PortPageTest::hostile, "/ports/47000").body();
    assertEquals(1, page.split("<script", -1).length - 1, "the page's own alone: " + page);
    assertFalse(page.contains("\u202e"), page);
    // Four in the headline, four in the table of sockets, what was searched, two services, the
    // range,
    // three that were, a reason.
    assertEquals(16, page.split(Pattern.quote(ESCAPED), -1).length - 1, page);
    String json = PortJson.of(hostile(47_000));
    assertFalse(json.contains("<script"), json);
  }

  @Test
  void thePageAnswersWhatWasAsked() throws Exception {
    HttpResponse<String> answer = get(PortPageTest::hostile, "/ports/47000");
    assertEquals(200, answer.statusCode());
    for (String text :
        List.of(
            "<title>web-1 - Port 47000 - portpool</title>",
            "<p class=\"lead\">Port 47000/tcp: ",
            "1024-49151",
            "inside 32768-60999",
            "closed it to every connect()",
            "<td>[::]:47000</td>",
            "<td>[2001:db8::1]:443</td>",
            "the kernel alone holds it for 43 s more",
            "<td>7</td>",
            "<p>and 3 more</p>",
            "<td>1m 1s</td>",
            "portpool who 47000",
            "ss -tuanp &#39;sport = :47000&#39;",
            "lsof -nP -i :47000",
            "fuser -v 47000/tcp 47000/udp",
            "Get-NetTCPConnection -LocalPort 47000",
            "href=\"/ports/46999\"",
            "href=\"/ports/47001\"")) {
      assertTrue(answer.body().contains(text), text + " in " + answer.body());
    }
    String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"));
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(answer.body().contains("style="), answer.body());
    assertFalse(answer.headers().map().containsKey("access-control-allow-origin"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "0x1", "1e3", "", "80%20", "%2a", "*", "1%00", "٣"})
  void whatIsNoPortIsNotFound(String name) throws Exception {
    HttpResponse<String> answer =
        get(PortPageTest::hostile, "/ports/" + name.replace("٣", "%D9%A3"));
    assertEquals(404, answer.statusCode());
    assertEquals("There is no such port: a port is a number from 1 to 65535.\n", answer.body());
  }

  @Test
  void whatCannotBeAnsweredSaysWhy() throws Exception {
    HttpResponse<String> answer =
        get(
            port -> {
              throw new LookupException("the agent is asked too much: ask again later", 3);
            },
            "/ports/1");
    assertEquals(503, answer.statusCode());
    assertEquals(
        "There is no answer now: the agent is asked too much: ask again later.\n", answer.body());
    assertEquals("3", answer.headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void whoWaitsKeepsNobodyWaiting() throws Exception {
    CountDownLatch begun = new CountDownLatch(10);
    CountDownLatch end = new CountDownLatch(1);
    PortQuestion slow =
        port -> {
          begun.countDown();
          end.await();
          return hostile(port);
        };
    try (WebServer server = serve(slow);
        HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int port = 1; port <= 10; port++) {
        waiting.add(client.sendAsync(to(server, "/ports/" + port), BodyHandlers.ofString()));
      }
      assertTrue(begun.await(20, TimeUnit.SECONDS));
      assertEquals(
          200, client.send(to(server, "/-/healthy"), BodyHandlers.ofString()).statusCode());
      end.countDown();
      for (CompletableFuture<HttpResponse<String>> answer : waiting) {
        assertEquals(200, answer.get(3, TimeUnit.MINUTES).statusCode());
      }
    }
  }

  /** Where an answer takes long, the page says so and comes again; the question is asked once. */
  @Test
  void whatTakesLongComesLater() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    PortQuestion slow =
        port -> {
          asked.incrementAndGet();
          end.await();
          return hostile(port);
        };
    try (WebServer server = serve(slow);
        HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> early =
            client.send(to(server, "/ports/47000"), BodyHandlers.ofString());
        assertEquals(200, early.statusCode());
        assertEquals("1", early.headers().firstValue("Refresh").orElse(""));
        assertTrue(early.body().contains("this page comes again by itself"), early.body());
        assertTrue(early.body().contains("1024-49151"), early.body());
      }
      end.countDown();
      Await.until(
          "the answer is there",
          () -> {
            HttpResponse<String> answer =
                client.send(to(server, "/ports/47000"), BodyHandlers.ofString());
            return answer.body().contains("<td>[::]:47000</td>")
                && answer.headers().firstValue("Refresh").isEmpty();
          });
      assertEquals(1, asked.get());
    }
  }
}
