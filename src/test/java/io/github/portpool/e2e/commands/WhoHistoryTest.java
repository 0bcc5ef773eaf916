package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.export.text.SampleReports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code portpool who} makes of the answers of an agent, or of what is not one. */
@MostlyWaits
class WhoHistoryTest {
  private static final String PORT = "9";

  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private String url;
  private int status = 200;
  private byte[] body = new byte[0];

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Outcome who(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("who", "--namespaces=host", "--agent=" + url));
    all.addAll(List.of(arguments));
    return Program.run(all.toArray(String[]::new));
  }

  private void answers(String text) {
    body = text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theHistoryIsShown() throws Exception {
    answers(PortJson.of(SampleReports.timeWait()));
    Outcome text = who(PORT);
    assertEquals(List.of("GET /api/v1/ports/9"), asked);
    assertTrue(
        text.out().contains("What the running agent saw there"), () -> text.out().toString());
    assertTrue(
        text.out().stream().anyMatch(line -> line.endsWith("  user www-data, nginx.service")),
        () -> text.out().toString());
    JsonObject json = FoundRows.reports(who(PORT, "--json")).getFirst();
    assertEquals(2, json.getAsJsonArray("history").size());
    url += "/prefix/";
    who(PORT);
    assertEquals("GET /prefix/api/v1/ports/9", asked.getLast());
  }

  @Test
  void anAgentThatSawNothingSaysSo() throws Exception {
    answers("{\"history\": []}");
    assertTrue(who(PORT).out().contains("The running agent has never seen anything there."));
  }

  @Test
  void whatRefusesOrSaysSomethingElseIsNamed() throws Exception {
    answers("<html>");
    useless("says something else");
    answers("{\"history\": [" + " ".repeat(2_000_000) + "]}");
    useless("says more than 1 MB");
    for (int refusal : new int[] {302, 403, 404, 500}) {
      status = refusal;
      answers("{\"history\": []}");
      useless("refuses it (HTTP status " + refusal + ")");
    }
    assertTrue(asked.stream().noneMatch(request -> request.contains("elsewhere")), "redirected");
  }

  private void useless(String what) throws Exception {
    String sentence =
        "no history, because what answers at "
            + url
            + " "
            + what
            + ": name a portpool agent with --agent";
    Outcome text = who(PORT);
    assertEquals(List.of(), text.err());
    assertTrue(text.out().contains(sentence), () -> text.out().toString());
    Outcome json = who(PORT, "--json");
    assertEquals(List.of("portpool: " + sentence), json.err());
    assertTrue(FoundRows.reports(json).getFirst().get("history").isJsonNull());
    assertEquals(1, json.exitCode());
  }

  @Test
  void whatFailsOnceIsNotAskedAgain() throws Exception {
    status = 500;
    Outcome json = who(PORT, "10", "11", "--json");
    assertEquals(1, asked.size(), asked.toString());
    assertEquals(1, json.err().size(), json.err().toString());
  }

  /** Each byte comes soon after the one before, but there is no end of them. */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"})
  void anAnswerThatDripsIsNotWaitedFor(String head) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = "http://127.0.0.1:" + listener.getLocalPort();
      Thread.ofVirtual().start(() -> drip(listener, head));
      Outcome text = who(PORT, "10");
      assertTrue(
          text.out()
              .contains(
                  "no history, because what answers at "
                      + url
                      + " takes longer than 3 s: name a portpool agent with --agent"),
          () -> text.out().toString());
    }
  }

  private static void drip(ServerSocket listener, String head) {
    try (Socket client = listener.accept()) {
      client.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      while (true) {
        client.getOutputStream().write('H');
        Thread.sleep(100);
      }
    } catch (IOException e) {
      // The client is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyAnswers() throws Exception {
    server.stop(0);
    Outcome text = who(PORT, "10");
    String sentence = "no agent answers at " + url + ", so there is no history";
    assertEquals(1, text.out().stream().filter(sentence::equals).count());
    assertTrue(
        text.out().contains("no history either: the agent was not asked again"),
        () -> text.out().toString());
    Outcome json = who(PORT, "--json");
    assertEquals(List.of(), json.err());
    assertTrue(FoundRows.reports(json).getFirst().get("history").isJsonNull());
  }
}
