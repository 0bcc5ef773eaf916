package io.github.portpool.e2e.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.BusyHost;
import io.github.portpool.e2e.Http.Answer;
import io.github.portpool.e2e.Program;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of a running agent, and the pages beside it, without a browser. */
@MostlyWaits
class ApiTest {
  private static final String DESCRIPTION = "https://portpool.invalid/openapi.json";
  private static final int LISTENING = 1;
  private static final int BOUND = 2;
  private static final int CONNECTED = 3;
  private static final int IN_LIVE_RANGE = 0x08;
  private static final int RESERVED = 0x80;

  private static BusyHost host;
  private static AgentProcess agent;

  @BeforeAll
  static void start() throws Exception {
    host = BusyHost.create(40, 20);
    agent = host.call(() -> AgentProcess.serve("--namespaces=all", "--failures.top=10"));
  }

  @AfterAll
  static void stop() {
    if (agent != null) {
      agent.close();
    }
    if (host != null) {
      host.close();
    }
  }

  private static Answer get(String path, String... headers) throws Exception {
    return host.call(() -> agent.http().get(path, headers));
  }

  private static JsonObject object(String json) {
    return new Gson().fromJson(json, JsonObject.class);
  }

  private static String description() throws Exception {
    Answer answer = get("/api/v1/openapi.json");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.header("Content-Type"));
    return answer.text();
  }

  /** Each path that answers in JSON, with a name in the place of its parameter. */
  static Stream<String[]> paths() {
    return Stream.of(
        new String[] {"/api/v1/snapshot", "/api/v1/snapshot"},
        new String[] {"/api/v1/destinations", "/api/v1/destinations"},
        new String[] {"/api/v1/listeners", "/api/v1/listeners"},
        new String[] {"/api/v1/history", "/api/v1/history"},
        new String[] {"/api/v1/openapi.json", "/api/v1/openapi.json"},
        new String[] {"/api/v1/ports/{port}", "/api/v1/ports/" + BusyHost.LISTENER},
        new String[] {"/api/v1/ports/{port}", "/api/v1/ports/" + BusyHost.UDP},
        new String[] {"/api/v1/ports/{port}", "/api/v1/ports/1"});
  }

  @ParameterizedTest
  @MethodSource("paths")
  void answersAreAsDescribed(String described, String path) throws Exception {
    Schema schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> {
                  try {
                    registry.schemas(Map.of(DESCRIPTION, description()));
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                })
            .getSchema(
                SchemaLocation.of(
                    DESCRIPTION
                        + "#/paths/"
                        + described.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                        + "/get/responses/200/content/application~1json/schema"));
    Answer answer = get(path);
    assertEquals(200, answer.status(), answer.text());
    assertEquals("application/json", answer.header("Content-Type"));
    assertEquals(List.of(), schema.validate(answer.text(), InputFormat.JSON), answer.text());
  }

  @Test
  void everyPathIsDescribedAndServed() throws Exception {
    Set<String> described = object(description()).getAsJsonObject("paths").keySet();
    assertEquals(
        Set.of(
            "/api/v1/snapshot",
            "/api/v1/verdict",
            "/api/v1/check",
            "/api/v1/destinations",
            "/api/v1/listeners",
            "/api/v1/history",
            "/api/v1/map",
            "/api/v1/ports/{port}",
            "/api/v1/openapi.json"),
        described);
    for (String path : described) {
      assertEquals(200, get(path.replace("{port}", "80")).status(), path);
    }
  }

  @Test
  void theMapShowsWhatIsOpen() throws Exception {
    Answer answer = get("/api/v1/map");
    assertEquals("application/octet-stream", answer.header("Content-Type"));
    byte[] map = answer.body();
    assertEquals(65_536, map.length);
    assertEquals(LISTENING, map[80]);
    assertEquals(LISTENING | IN_LIVE_RANGE, map[BusyHost.LISTENER]);
    assertEquals(BOUND << 4 | IN_LIVE_RANGE, map[BusyHost.UDP]);
    assertEquals(IN_LIVE_RANGE, map[BusyHost.FREE]);
    assertEquals((byte) (IN_LIVE_RANGE | RESERVED), map[BusyHost.RESERVED]);
    assertEquals(0, map[32_767]);
    assertEquals(0, map[61_000]);
    int connected = 0;
    for (byte cell : map) {
      connected += (cell & 7) == CONNECTED ? 1 : 0;
    }
    // The test's own connections are there too.
    assertTrue(connected >= 40 && connected < 60, connected + " connected ports");
  }

  @Test
  void aKnownMapIsNotSentAgain() throws Exception {
    Answer answer = get("/api/v1/map", "Accept-Encoding: br, gzip");
    assertEquals("gzip", answer.header("Content-Encoding"));
    assertTrue(answer.body().length < 10_000);
    byte[] map = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertEquals(65_536, map.length);
    String tag = answer.header("ETag");
    Answer again = get("/api/v1/map", "If-None-Match: W/\"other\", " + tag);
    if (again.status() == 304) {
      assertEquals(0, again.body().length);
      assertEquals(tag, again.header("ETag"));
    } else {
      assertFalse(again.header("ETag").equals(tag), "a sample came in between");
    }
  }

  @Test
  void thePortsOfAListenerAreThere() throws Exception {
    JsonObject port = object(get("/api/v1/ports/" + BusyHost.LISTENER).text());
    assertEquals("closed", port.getAsJsonObject("availability").get("tcp").getAsString());
    JsonObject socket = port.getAsJsonArray("sockets").get(0).getAsJsonObject();
    assertEquals("listen", socket.get("state").getAsString());
  }

  @Test
  void theFormLeadsOn() throws Exception {
    Answer answer = get("/ports?port=60696");
    assertEquals(303, answer.status());
    assertEquals("/ports/60696", answer.header("Location"));
    for (String bad : List.of("", "65536", "1e3", "80%0d%0aX:%20y", "//evil.example", "80&x=y")) {
      Answer refused = get("/ports?port=" + bad);
      assertEquals(404, refused.status(), bad);
      assertEquals("", refused.header("Location"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/assets/style.css", "/assets/map.js", "/assets/icon.svg", "/api/v1/openapi.json"})
  void filesOfTheProgramAreKnownByTheirTag(String path) throws Exception {
    Answer answer = get(path, "Host: anything.example");
    assertEquals(200, answer.status());
    Answer again = get(path, "If-None-Match: " + answer.header("ETag"));
    assertEquals(304, again.status());
    assertArrayEquals(new byte[0], again.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ports",
        "/ports/80",
        "/ports?port=80",
        "/api/v1/snapshot",
        "/api/v1/verdict",
        "/api/v1/destinations",
        "/api/v1/listeners",
        "/api/v1/history",
        "/api/v1/map",
        "/api/v1/ports/80"
      })
  void detailsAreKeptFromStrangers(String path) throws Exception {
    assertTrue(get(path).status() < 400, path);
    for (String stranger :
        List.of(
            "Host: evil.example",
            "Origin: http://evil.example",
            "Sec-Fetch-Site: cross-site",
            "X-Forwarded-For: 192.0.2.1")) {
      Answer answer = get(path, stranger);
      assertEquals(403, answer.status(), stranger);
      assertEquals("text/plain; charset=utf-8", answer.header("Content-Type"));
      assertEquals(1, answer.text().lines().count());
      assertEquals("same-origin", answer.header("Cross-Origin-Resource-Policy"));
      assertEquals("", answer.header("Access-Control-Allow-Origin"));
    }
    Answer head = host.call(() -> agent.http().request("HEAD", path, "Host: evil.example"));
    assertEquals(403, head.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/",
        "/assets/x",
        "/assets/../web/map.js",
        "/ports/",
        "/ports/80/",
        "/ports/80/81",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/ports",
        "/api/v1/ports/",
        "/api/v1/ports/65536",
        "/api/v2/snapshot"
      })
  void thereIsNothingElse(String path) throws Exception {
    assertEquals(404, get(path).status());
  }

  @Test
  void otherHostsSeeNoDetailsUnlessTheyAreLetIn() throws Exception {
    String[] everywhere = {"serve", "--web.listen-address=10.1.1.1:0"};
    host.address("10.1.1.1");
    try (AgentProcess closed = host.call(() -> AgentProcess.start(Program.process(everywhere)))) {
      assertEquals(403, host.call(() -> closed.http().get("/ports")).status());
      assertEquals(403, host.call(() -> closed.http().get("/api/v1/map")).status());
      Answer landing = host.call(() -> closed.http().get("/"));
      assertEquals(200, landing.status());
      assertFalse(landing.text().contains("127.0.0.1"), landing.text());
      assertFalse(landing.text().contains("java"), landing.text());
      assertEquals(200, host.call(() -> closed.http().get("/metrics")).status());
    }
    String[] open = {everywhere[0], everywhere[1], "--web.details=all"};
    try (AgentProcess all = host.call(() -> AgentProcess.start(Program.process(open)))) {
      assertEquals(200, host.call(() -> all.http().get("/ports")).status());
      assertEquals(403, host.call(() -> all.http().get("/ports", "Host: evil.example")).status());
    }
  }
}
