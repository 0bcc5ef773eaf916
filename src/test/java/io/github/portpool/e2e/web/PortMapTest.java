package io.github.portpool.e2e.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.BusyHost;
import io.github.portpool.e2e.Needs;
import io.github.portpool.host.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages in a browser, against a running agent and real sockets. */
@MostlyWaits
@ResourceLock("the one browser") // its tests follow one another
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PortMapTest {
  private static final int MOST_BYTES = 150_000;
  private static final int ARROW_RIGHT = 39;
  private static final int ARROW_DOWN = 40;
  private static final int PAGE_DOWN = 34;
  private static final int HOME = 36;
  private static final int ENTER = 13;
  private static final int HOSTILE_PORT = BusyHost.RESERVED + 100; // no client is given it

  private static final List<String> HOSTILE_NAMES =
      List.of("<b id=x>a</b>", "\"><b id=x>", "';alert(1);//", "\u001b[31m\u202eb", "</table><i>");

  private static final List<Process> hostile = new ArrayList<>();
  private static BusyHost host;
  private static AgentProcess agent;
  private static Browser browser;
  private static String base;

  @BeforeAll
  static void start() throws Exception {
    host = BusyHost.create(200, 300);
    Needs.program("/usr/bin/python3", "python3");
    for (String name : HOSTILE_NAMES) {
      hostile.add(listen(name, HOSTILE_PORT + hostile.size()));
    }
    agent =
        host.call(() ->
            AgentProcess.serve(
                "--sample.interval=1s", "--sample.cpu-budget=100%", "--failures.disable"));
    browser = host.call(Browser::start);
    base = "http://127.0.0.1:" + agent.address().getPort();
  }

  @AfterAll
  static void stop() throws IOException {
    hostile.forEach(Process::destroy);
    if (browser != null) {
      browser.close();
    }
    if (agent != null) {
      agent.close();
    }
    if (host != null) {
      host.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    assertEquals(List.of(), browser.errors());
    assertNotEquals(List.of(), browser.requests());
    for (String request : browser.requests()) {
      assertTrue(request.startsWith(base + "/"), request);
    }
  }

  private static void openMap() throws Exception {
    browser.look(1280, 1040, 1, "light");
    browser.open(base + "/ports");
    // Its size before anything is drawn is 300 x 150.
    browser.awaitTrue("document.querySelector('#map').width > 300");
  }

  /** A script that begins with the place of a port's middle in the window. */
  private static String at(int port, String then) {
    return """
    (() => {
      const map = document.querySelector('#map'), box = map.getBoundingClientRect();
      const cell = box.height / 256, gutter = box.width - 256 * cell;
      const x = gutter + (%d %% 256 + 0.5) * cell, y = (%d / 256 | 0) * cell + cell / 2;
      %s
    })()
    """
        .formatted(port, port, then);
  }

  private static String drawn(int port) throws Exception {
    return browser
        .evaluate(
            at(
                port,
                "return '#' + [...map.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3)"
                    + ".map((part) => part.toString(16).padStart(2, '0')).join('')"))
        .getAsString();
  }

  private static String color(String name) throws Exception {
    return browser
        .evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--%s').trim()"
                .formatted(name))
        .getAsString();
  }

  @Test
  void theMapShowsWhatIsOpen() throws Exception {
    openMap();
    for (String scheme : List.of("light", "dark")) {
      browser.look(1280, 1040, 1, scheme);
      browser.awaitTrue("matchMedia('(prefers-color-scheme: " + scheme + ")').matches");
      browser.evaluate("new Promise((done) => setTimeout(done, 100))");
      assertEquals(color("listening"), drawn(BusyHost.LISTENER));
      assertEquals(color("listening"), drawn(8080));
      assertEquals(color("bound"), drawn(BusyHost.UDP));
      assertEquals(color("live"), drawn(BusyHost.FREE));
      assertEquals(color("outside"), drawn(20_000));
      assertEquals(color("live"), drawn(BusyHost.RESERVED + 512));
      assertEquals(color("reserved"), drawn(BusyHost.RESERVED + 513));
    }
  }

  private static JsonObject place(int port) throws Exception {
    return browser.evaluate(at(port, "return {x: box.left + x, y: box.top + y}")).getAsJsonObject();
  }

  private static void awaitStatus(String text) throws Exception {
    browser.awaitTrue("document.querySelector('#port-status').textContent === '" + text + "'");
  }

  /** A page about a port may say first that the agent is still looking. */
  private static void awaitPage(String path) throws Exception {
    browser.awaitTrue(
        "location.pathname === '%s' && document.readyState === 'complete'".formatted(path)
            + " && document.querySelector('.lead[role=status]') === null");
  }

  private static void openPage(String path) throws Exception {
    browser.open(base + path);
    awaitPage(path);
  }

  @Test
  void theMouseFindsAPortAndAClickOpensIt() throws Exception {
    openMap();
    JsonObject place = place(BusyHost.LISTENER);
    browser.point(place.get("x").getAsDouble(), place.get("y").getAsDouble());
    awaitStatus("Port 47000: TCP listening; UDP nothing; in the ephemeral range.");
    browser.click(place.get("x").getAsDouble(), place.get("y").getAsDouble());
    awaitPage("/ports/47000");
    String page = browser.evaluate("document.querySelector('main').innerText").getAsString();
    assertTrue(page.contains("java (pid "), page);
    assertTrue(page.contains("listens on 0.0.0.0"), page);
    assertTrue(page.contains("What the agent saw there"), page);
  }

  @Test
  void theKeyboardFindsAPortAndEnterOpensIt() throws Exception {
    openMap();
    browser.evaluate("document.querySelector('#map').focus()");
    browser.press("Home", HOME);
    browser.press("Home", HOME);
    awaitStatus("Port 0: TCP nothing; UDP nothing; outside the ephemeral range.");
    browser.press("PageDown", PAGE_DOWN);
    awaitStatus("Port 53: TCP nothing; UDP bound; outside the ephemeral range.");
    browser.press("ArrowDown", ARROW_DOWN);
    browser.press("ArrowRight", ARROW_RIGHT);
    awaitStatus("Port 310: TCP nothing; UDP nothing; outside the ephemeral range.");
    browser.press("Enter", ENTER);
    awaitPage("/ports/310");
  }

  @Test
  void figuresMoveWhenSocketsDo() throws Exception {
    openMap();
    String connected =
        "Number(document.querySelector('#tcp-connected').textContent.replace(',', ''))";
    int before = browser.evaluate(connected).getAsInt();
    String free = "document.querySelector('#tiles b').textContent";
    String freeBefore = browser.evaluate(free).getAsString();
    // So many that their destination becomes the worst; some share their port with another.
    host.connect(150);
    browser.awaitTrue(connected + " >= " + (before + 100));
    browser.awaitTrue(free + " !== '" + freeBefore + "'");
  }

  @Test
  void aStateCanBeLeftOut() throws Exception {
    openMap();
    browser.evaluate("document.querySelector('[data-cell=listening] input').click()");
    assertEquals(color("live"), drawn(BusyHost.LISTENER));
    browser.evaluate("document.querySelector('[data-cell=listening] input').click()");
    browser.evaluate("document.querySelector('[value=udp]').click()");
    assertEquals(color("live"), drawn(BusyHost.LISTENER));
    assertEquals(color("bound"), drawn(BusyHost.UDP));
  }

  @Test
  void theFirstPaintIsSmall() throws Exception {
    openMap();
    int bytes =
        browser.events("Network.dataReceived").stream()
            .mapToInt(event -> event.get("dataLength").getAsInt())
            .sum();
    assertTrue(bytes > 65_536 && bytes < MOST_BYTES, bytes + " bytes");
    assertTrue(browser.requests().size() <= 6, browser.requests().toString());
  }

  @Test
  void anAgentThatIsGoneIsMissed() throws Exception {
    try (AgentProcess other = host.call(() -> AgentProcess.serve("--sample.interval=1s"))) {
      String own = base;
      try {
        base = "http://127.0.0.1:" + other.address().getPort();
        openMap();
        other.stop();
        browser.awaitTrue(
            "/This is \\d+ s old: the agent does not answer/.test("
                + "document.querySelector('#trouble-note').textContent)");
        browser.look(1280, 1040, 1, "light");
        browser.open(own + "/");
      } finally {
        base = own;
      }
    }
  }

  @Test
  void withoutScriptsEverythingButThePictureIsThere() throws Exception {
    browser.look(1280, 1040, 1, "light");
    browser.call("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    try {
      browser.open(base + "/ports");
      String page = browser.evaluate("document.body.innerText").getAsString();
      assertTrue(page.contains("The picture needs the page's script"), page);
      assertTrue(page.contains("127.0.0.1:9092"), page);
      browser.evaluate("document.querySelector('#port').value = '47000'");
      browser.evaluate("document.querySelector('header form').submit()");
      awaitPage("/ports/47000");
    } finally {
      browser.call("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    }
  }

  /** Listens as a process of a name, and returns when it does. */
  private static Process listen(String name, int port) throws Exception {
    String program =
        """
        import socket, sys
        open("/proc/self/comm", "w").write(sys.argv[1])
        listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
        print("ready", flush=True)
        sys.stdin.read()
        """;
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/python3", "-c", program, name, String.valueOf(port));
    Process process = host.call(builder::start);
    assertEquals("ready", process.inputReader(StandardCharsets.UTF_8).readLine());
    return process;
  }

  @Test
  void aNameStaysAName() throws Exception {
    openMap();
    String listeners =
        browser.evaluate("document.querySelector('#listeners').innerText").getAsString();
    for (Process process : hostile) {
      assertTrue(listeners.contains("(" + process.pid() + ")"), listeners);
    }
    assertHarmless(HOSTILE_NAMES);
    for (int i = 0; i < HOSTILE_NAMES.size(); i++) {
      openPage("/ports/" + (HOSTILE_PORT + i));
      assertHarmless(List.of(HOSTILE_NAMES.get(i)));
    }
  }

  private static void assertHarmless(List<String> names) throws Exception {
    String text = browser.evaluate("document.querySelector('main').innerText").getAsString();
    for (String name : names) {
      assertTrue(text.contains(Printable.oneLine(name)), text);
    }
    assertFalse(text.contains("\u202e") || text.contains("\u001b"), text);
    assertEquals(0, browser.evaluate("document.querySelectorAll('#x, main i').length").getAsInt());
    assertEquals(1, browser.evaluate("document.querySelectorAll('main').length").getAsInt());
  }

  @ParameterizedTest
  @CsvSource({
    "/, light, 1280",
    "/, dark, 1280",
    "/, light, 360",
    "/ports, light, 1280",
    "/ports, dark, 1280",
    "/ports, light, 360",
    "/ports, dark, 360",
    "/ports/47000, light, 1280",
    "/ports/47000, dark, 1280",
    "/ports/47000, dark, 360",
    "/listeners, light, 1280",
    "/listeners, dark, 360",
    "/runbook, light, 360",
    "/runbook, dark, 1280",
  })
  void pagesAreAccessible(String path, String scheme, int width) throws Exception {
    browser.look(width, 800, 2, scheme);
    openPage(path);
    if (path.equals("/ports")) {
      browser.awaitTrue("document.querySelector('#map').width > 300");
    }
    browser.evaluate(resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"));
    String violations =
        browser
            .evaluate(
                "axe.run().then((result) => JSON.stringify([...result.violations,"
                    + " ...result.incomplete.filter((each) => each.id !== 'color-contrast')]"
                    + ".map((each) => [each.id, each.nodes.map((node) => node.html)])))")
            .getAsString();
    assertEquals("[]", violations);
    assertTrue(
        browser.evaluate("document.documentElement.scrollWidth <= innerWidth").getAsBoolean(),
        "the page does not fit a window of this width");
    assertEquals(
        "",
        browser
            .evaluate(
                "[...document.querySelectorAll('.scroll')]"
                    + ".filter((each) => innerWidth < 500 && each.scrollWidth > each.clientWidth)"
                    + ".map((each) => each.ariaLabel).filter((each) => each !== 'Chart').join()")
            .getAsString(),
        "needs to be scrolled sideways on a phone");
  }

  @Test
  void timesAreTheReadersToo() throws Exception {
    browser.call("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Kolkata"));
    try {
      openMap();
      String moment =
          browser.evaluate("document.querySelector('#pool time').dateTime").getAsString();
      String there =
          DateTimeFormatter.ofPattern("HH:mm:ss")
              .withZone(ZoneId.of("Asia/Kolkata"))
              .format(Instant.parse(moment));
      String text =
          browser.evaluate("document.querySelector('#pool time').innerText").getAsString();
      assertTrue(text.matches("\\d\\d:\\d\\d:\\d\\d UTC, " + there + " (GMT\\+5:30|IST)"), text);
      // Also of what came later.
      browser.awaitTrue("document.querySelector('#pool time').dateTime !== '%s'".formatted(moment));
      assertEquals(
          1, browser.evaluate("document.querySelectorAll('#pool time .local').length").getAsInt());
    } finally {
      browser.call("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
    }
  }

  @Test
  void commandsCanBeCopied() throws Exception {
    browser.call(
        "Browser.grantPermissions",
        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    openPage("/ports/47000");
    browser.evaluate("document.querySelector('button.copy').click()");
    browser.awaitTrue("document.querySelector('button.copy').textContent === 'Copied'");
    assertEquals("portpool who 47000", browser.evaluate("String(getSelection())").getAsString());
  }

  @Test
  void listenersCanBeFiltered() throws Exception {
    browser.open(base + "/listeners");
    String rows = "[...document.querySelectorAll('.cards tbody tr')].filter((row) => !row.hidden)";
    int all = browser.evaluate(rows + ".length").getAsInt();
    assertTrue(all > HOSTILE_NAMES.size(), all + " listeners");
    assertHarmless(HOSTILE_NAMES);
    browser.evaluate(
        """
        (() => {
          const field = document.querySelector('.filter input');
          field.value = 'TCP java 47000';
          field.dispatchEvent(new Event('input'));
        })()
        """);
    assertEquals(1, browser.evaluate(rows + ".length").getAsInt());
    assertEquals(
        " 1 of " + all,
        browser
            .evaluate("document.querySelector('.filter [role=status]').textContent")
            .getAsString());
    browser.evaluate(rows + "[0].querySelector('a').click()");
    awaitPage("/ports/47000");
  }

  @Test
  void theHistorySaysWhichTimeItIsOf() throws Exception {
    openMap();
    String summary =
        browser.evaluate("document.querySelector('.history figcaption').innerText").getAsString();
    assertTrue(
        summary.matches(
            "(?s)From \\d\\d:\\d\\d:\\d\\d UTC.* to .*, all that there is so far\\. Toward .*"),
        summary);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PortMapTest.class.getResourceAsStream(name)) {
      assumeTrue(in != null, "axe-core is missing");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Takes the pictures of the documentation, over some minutes, so that there is a history; last,
   * because it leaves a trace on many ports.
   */
  @Test
  @Order(Integer.MAX_VALUE)
  void pictures() throws Exception {
    assumeTrue(
        Boolean.getBoolean("portpool.pictures.update"),
        "no new pictures are wanted: -Dportpool.pictures.update=true takes them");
    host.connect(700);
    for (int tenSeconds = 0; tenSeconds < 18; tenSeconds++) {
      host.connectAndClose(tenSeconds < 12 ? 400 + 220 * tenSeconds : 300);
      Thread.sleep(8_000);
    }
    Path directory = Files.createDirectories(Path.of("src/pictures"));
    for (String scheme : List.of("light", "dark")) {
      openMap();
      browser.look(1280, 1060, 1, scheme);
      JsonObject place = place(BusyHost.LISTENER);
      browser.point(place.get("x").getAsDouble(), place.get("y").getAsDouble());
      awaitStatus("Port 47000: TCP listening; UDP nothing; in the ephemeral range.");
      Files.write(directory.resolve("port-map-" + scheme + ".png"), browser.picture());
    }
    browser.look(1280, 900, 1, "light");
    browser.evaluate("document.querySelector('#history').scrollIntoView()");
    Files.write(directory.resolve("history.png"), browser.picture());
    openPage("/ports/47000");
    Files.write(directory.resolve("port-page.png"), browser.picture());
    browser.look(390, 844, 2, "dark");
    browser.open(base + "/ports");
    browser.awaitTrue("document.querySelector('#map').width > 300");
    Files.write(directory.resolve("phone.png"), browser.picture());
  }
}
