package io.github.portpool.e2e.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Http;
import io.github.portpool.e2e.Http.Answer;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Scrape;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the running agent answers over HTTP. */
@MostlyWaits
class HttpTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  /** What the agent says without clients. */
  private static final Pattern OF_ITSELF =
      Pattern.compile(" INFO (portpool |listening on |not available: |stopped$)");

  private static AgentProcess agent;
  private static Http http;

  @BeforeAll
  static void start() throws Exception {
    agent = AgentProcess.serve();
    http = agent.http();
  }

  @AfterAll
  static void stop() throws Exception {
    assertEquals(0, agent.stop());
    assertSilence(); // all that it ever said is here by now
  }

  @Test
  void metricsAreText() throws Exception {
    Answer answer = http.get("/metrics");
    assertEquals(200, answer.status());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("Content-Type"));
    Scrape scrape = Scrape.of(answer.text());
    assertEquals(1, scrape.value("portpool_sample_success{netns=\"host\"}"));
    assertTrue(scrape.families().contains("process_cpu_seconds_total"));
    assertTrue(scrape.families().contains("jvm_memory_used_bytes"));
    assertTrue(scrape.families().stream().noneMatch(name -> name.startsWith("jvm_memory_pool_")));
  }

  @Test
  void metricsAreOpenMetricsOnRequest() throws Exception {
    Answer answer = http.get("/metrics", "Accept: application/openmetrics-text; version=1.0.0");
    assertTrue(answer.header("Content-Type").startsWith("application/openmetrics-text"));
    assertTrue(answer.text().endsWith("# EOF\n"));
    assertTrue(answer.text().contains("# TYPE portpool_sample_cpu_seconds counter\n"));
  }

  @Test
  void metricsAreProtobufOnRequest() throws Exception {
    Answer answer = http.get("/metrics", "Accept: " + PROTOBUF);
    assertTrue(answer.header("Content-Type").startsWith("application/vnd.google.protobuf"));
    assertEquals(
        Scrape.of(http.get("/metrics").text()).families(), protobufFamilies(answer.body()));
  }

  /** Messages with their length as a varint before them, each with its name as the first field. */
  private static Set<String> protobufFamilies(byte[] body) throws Exception {
    Set<String> names = new TreeSet<>();
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    while (in.available() > 0) {
      byte[] message = in.readNBytes(varint(in));
      assertEquals(1 << 3 | 2, message[0], "field 1, a string");
      names.add(new String(message, 2, message[1], UTF_8));
    }
    return names;
  }

  private static int varint(ByteArrayInputStream in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = in.read();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
  }

  @Test
  void metricsAreCompressedOnRequest() throws Exception {
    Answer answer = http.get("/metrics", "Accept-Encoding: gzip");
    assertEquals("gzip", answer.header("Content-Encoding"));
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertTrue(answer.body().length < body.length / 3);
    assertEquals(
        Scrape.of(http.get("/metrics").text()).families(),
        Scrape.of(new String(body, UTF_8)).families());
  }

  @Test
  void metricsAreOfTheTypeThatTheClientLikesBest() throws Exception {
    Answer answer =
        http.get(
            "/metrics",
            "Accept: text/plain;q=0.5, application/openmetrics-text;version=1.0.0;q=0",
            "Accept-Encoding: gzip;q=0");
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("Content-Type"));
    assertEquals("Accept, Accept-Encoding", answer.header("Vary"));
    assertEquals("", answer.header("Content-Encoding"));
    assertEquals(406, http.get("/metrics", "Accept: */*;q=0").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug=junk", "debug=", "debug", "debug=text&debug=junk", "%64ebug=x"})
  void howToDebugIsOneOfThree(String query) throws Exception {
    assertEquals(400, http.get("/metrics?" + query).status());
    assertEquals(200, http.get("/metrics?debug=openmetrics").status());
  }

  @Test
  void theHostOfAnAbsoluteUriIsTheHost() throws Exception {
    assertEquals(200, http.get("/api/v1/snapshot").status());
    assertEquals(200, http.get("http://localhost/api/v1/snapshot", "Host: evil.example").status());
    assertEquals(403, http.get("http://evil.example/api/v1/snapshot").status());
    assertEquals(403, http.get("http://evil.example:10696/api/v1/snapshot").status());
    assertEquals(400, http.get("http://localhost@evil.example/api/v1/snapshot").status());
    assertEquals(404, http.get("//evil.example/api/v1/snapshot").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics", "/-/healthy", "/-/ready"})
  void headIsGetWithoutABody(String path) throws Exception {
    Answer answer = http.request("HEAD", path, "Accept-Encoding: gzip");
    assertEquals(200, answer.status());
    assertEquals(0, answer.body().length);
    Answer get = http.get(path);
    assertEquals(200, get.status());
    assertEquals(get.header("Content-Type"), answer.header("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get"})
  void nothingCanBeChanged(String method) throws Exception {
    for (String path : new String[] {"/", "/metrics", "/-/ready"}) {
      Answer answer = http.request(method, path, "Content-Length: 0");
      assertEquals(405, answer.status());
      assertEquals("GET, HEAD", answer.header("Allow"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/metricsfoo",
        "/metrics/",
        "/metrics/x",
        "/METRICS",
        "//metrics",
        "/-/",
        "/favicon.ico",
        "/../../etc/passwd",
        "/metrics/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%00",
      })
  void thereIsNothingElse(String path) throws Exception {
    for (String method : new String[] {"GET", "HEAD", "POST"}) {
      assertEquals(404, http.request(method, path, "Content-Length: 0").status(), method);
    }
    assertFalse(http.get(path).text().contains("root:"));
    assertSilence();
  }

  @Test
  void theLandingPageLeadsOn() throws Exception {
    Answer answer = http.get("/");
    assertEquals("text/html; charset=utf-8", answer.header("Content-Type"));
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertTrue(answer.header("Content-Security-Policy").startsWith("default-src 'none'"));
    assertTrue(answer.text().startsWith("<!doctype html>"));
    assertTrue(answer.text().contains("<a href=\"/metrics\">"));
    String version =
        Program.run("--version").out().getFirst().replaceAll("portpool, version (\\S+) .*", "$1");
    assertTrue(answer.text().contains("portpool " + version + ","), answer.text());
  }

  @Test
  void theTelemetryPathMoves() throws Exception {
    try (AgentProcess moved =
        AgentProcess.serve("--web.telemetry-path=/numbers", "--web.disable-exporter-metrics")) {
      assertEquals(404, moved.http().get("/metrics").status());
      assertTrue(moved.http().get("/").text().contains("<a href=\"/numbers\">"));
      Scrape scrape = Scrape.of(moved.http().get("/numbers").text());
      assertTrue(scrape.families().contains("portpool_capacity_ports"));
      assertTrue(scrape.families().stream().allMatch(name -> name.startsWith("portpool_")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
        "GET /metrics\r\n\r\n",
        "GET http://[ HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "GET /metrics?name[]=%zz HTTP/1.1\r\n\r\n",
        "GET /metrics HTTP/9.9\r\nContent-Length: -1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /metrics HTTP/2.0\r\n\r\n",
      })
  void garbageIsRefusedInSilence(String garbage) throws Exception {
    try (Socket socket = http.connect()) {
      socket.getOutputStream().write(garbage.getBytes(UTF_8));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertFalse(answer.startsWith("HTTP/1.1 200"), answer);
      assertFalse(answer.contains("\tat "), answer);
    }
    assertEquals(200, http.get("/metrics").status());
    assertSilence();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics HTTP/1.1\r\nX-Long: %s", "/%s HTTP/1.1", "/ HTTP/1.1\r\n%s: x"})
  void aRequestHasABound(String form) throws Exception {
    String request = "GET " + form.formatted("x".repeat(40_000)) + "\r\nHost: localhost\r\n\r\n";
    try (Socket socket = http.connect()) {
      String answer;
      try {
        socket.getOutputStream().write(request.getBytes(UTF_8));
        answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      } catch (SocketException e) {
        answer = ""; // it is closed without a word
      }
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    }
    assertEquals(200, http.get("/metrics").status());
    assertSilence();
  }

  @Test
  void requestsMayComeAtOnceAndInPieces() throws Exception {
    String post = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde";
    String last = "GET /-/ready HTTP/1.1\r\nConnection: close\r\n\r\n";
    byte[] bytes = ("GET /-/healthy HTTP/1.1\r\n\r\n" + post + last).getBytes(UTF_8);
    for (int piece : new int[] {1, 7, bytes.length}) {
      try (Socket socket = http.connect()) {
        socket.setTcpNoDelay(true);
        for (int i = 0; i < bytes.length; i += piece) {
          socket.getOutputStream().write(bytes, i, Math.min(piece, bytes.length - i));
        }
        String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertEquals(
            List.of("200 OK", "405 Method Not Allowed", "200 OK"),
            answers
                .lines()
                .filter(line -> line.startsWith("HTTP/1.1 "))
                .map(line -> line.substring("HTTP/1.1 ".length()))
                .toList());
      }
    }
  }

  @Test
  void aLargeBodyIsNotReadAndTheAnswerIs() throws Exception {
    try (Socket socket = http.connect()) {
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n".getBytes(UTF_8));
      socket.getOutputStream().write(new byte[500_000]);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
    }
  }

  private static void assertSilence() {
    assertEquals(
        List.of(),
        agent.log().stream().filter(line -> !OF_ITSELF.matcher(line).find()).toList(),
        "clients can write to the log");
  }

  private static boolean isOpen(Socket socket) throws Exception {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(patience);
    }
  }

  @Test
  void slowClientsStopNobodyAndAreSentAway() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = http.connect();
        slow.add(socket);
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: ".getBytes(UTF_8));
      }
      assertEquals(200, http.get("/metrics").status());
      assertTrue(isOpen(slow.getFirst()), "an honest scrape has waited for the slow ones");
      for (Socket socket : slow) {
        assertEquals(-1, socket.getInputStream().read(), "the server ends it");
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
