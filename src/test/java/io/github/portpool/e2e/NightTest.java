package io.github.portpool.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.host.HostName;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A night: a program in another network namespace than the agent's takes all ports toward a server.
 * Every face says whether there is trouble, where, since when, who it is and what to do; and that
 * it is over once it is.
 */
@NeedsHost
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NightTest {
  private static final String NAME = "night-" + ProcessHandle.current().pid();
  private static final String REASON =
      "0 of 100 ports free toward the worst TCP destination 127.0.0.1:80 (100.0 % used), in network"
          + " namespace "
          + NAME;

  private static Netns home;
  private static Netns elsewhere;
  private static Server server;
  private static Process culprit;
  private static AgentProcess agent;
  private static Instant begun;

  @BeforeAll
  static void trouble() throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    home = Netns.create();
    elsewhere = Netns.create();
    elsewhere.name(NAME);
    elsewhere.range(20_000, 20_099);
    server = elsewhere.call(() -> new Server(80));
    agent = home.call(() -> AgentProcess.serve("--namespaces=" + NAME, "--sample.interval=500ms"));
    Await.until("all is well", () -> verdict().get("state").getAsString().equals("ok"));
    begun = Instant.now();
    culprit =
        elsewhere.call(() ->
            new ProcessBuilder(
                    "python3", "src/test/resources/situations/holder.py", "fill", "127.0.0.1", "80")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    assertEquals("ready", culprit.inputReader(StandardCharsets.UTF_8).readLine());
    Await.until(
        "it has a name",
        () ->
            verdict().get("state").getAsString().equals("critical")
                && verdict().toString().contains("holder"));
  }

  @AfterAll
  static void end() {
    culprit.destroyForcibly();
    agent.close();
    server.close();
    elsewhere.close();
    home.close();
  }

  private static String get(String path) throws Exception {
    return home.call(() -> agent.http().get(path).text());
  }

  private static JsonObject verdict() throws Exception {
    return new Gson().fromJson(get("/api/v1/verdict"), JsonObject.class);
  }

  private static Outcome run(String... command) throws Exception {
    return home.call(() -> Program.run(command));
  }

  private static String who() {
    return "100 ESTABLISHED: holder (pid " + culprit.pid() + ")";
  }

  @Test
  @Order(1)
  void theApiSaysIt() throws Exception {
    JsonObject verdict = verdict();
    assertEquals(NAME, verdict.get("netns").getAsString());
    assertEquals("127.0.0.1:80", verdict.get("destination").getAsString());
    assertEquals(0, verdict.get("free").getAsInt());
    Instant since = Instant.parse(verdict.get("since").getAsString());
    assertTrue(
        !since.isBefore(begun.minusSeconds(1)) && since.isBefore(Instant.now()), since::toString);
    assertFalse(verdict.get("sinceOrEarlier").getAsBoolean());
    JsonObject most = verdict.getAsJsonArray("culprits").get(0).getAsJsonObject();
    assertEquals(100, most.get("sockets").getAsInt());
    JsonObject process = most.getAsJsonArray("processes").get(0).getAsJsonObject();
    assertEquals("holder", process.get("name").getAsString());
    assertEquals(culprit.pid(), process.get("pid").getAsLong());
    assertTrue(verdict.get("nextStep").getAsString().contains("let holder share or close"));
    JsonObject snapshot = new Gson().fromJson(get("/api/v1/snapshot"), JsonObject.class);
    assertEquals("critical", snapshot.getAsJsonObject("verdict").get("state").getAsString());
  }

  @Test
  @Order(1)
  void thePagesSayIt() throws Exception {
    for (String path : List.of("/", "/ports")) {
      String page = get(path);
      assertTrue(page.contains("class=\"verdict critical\""), page);
      assertTrue(page.contains("<b>CRITICAL</b>: " + REASON), page);
      assertTrue(page.contains("<dt>Since</dt><dd><time"), page);
      assertTrue(page.contains(who()), page);
      assertTrue(page.contains("let holder share or close"), page);
      assertTrue(page.contains("<title>" + HostName.current() + " - "), page);
      assertTrue(page.contains("<p class=\"host\">" + HostName.current() + "</p>"), page);
      assertTrue(page.contains("<a href=\"/runbook#PortpoolDestinationExhausted\">"), page);
      assertTrue(page.contains(">portpool doctor --namespaces=" + NAME + "</code>"), page);
      assertTrue(page.contains(">portpool who --to 127.0.0.1:80</code>"), page);
    }
    String ports = get("/ports");
    String first = ports.substring(ports.indexOf("id=\"destinations\""));
    assertTrue(
        first.substring(first.indexOf("<tbody>")).strip().startsWith("<tbody>\n<tr><td>" + NAME),
        first);
    assertTrue(first.contains("<td class=\"critical\">critical</td><td><div>" + who()), first);
  }

  @Test
  @Order(1)
  void aNamespaceCanBePicked() throws Exception {
    String all = get("/ports");
    assertTrue(all.contains("<option value=\"" + NAME + "\">" + NAME + ", critical</option>"), all);
    assertTrue(all.contains("<option value=\"host\">host, ok</option>"), all);
    assertTrue(all.contains("<option value=\"\" selected>all</option>"), all);
    String one = get("/ports?netns=" + NAME);
    assertTrue(one.contains("<option value=\"" + NAME + "\" selected>"), one);
    assertTrue(one.contains("<b>0</b> of 100 ports: CRITICAL"), one);
    assertTrue(one.contains("<td>" + NAME + "</td><td>tcp</td>"), one);
    String own = get("/ports?port2=x&netns=host");
    assertFalse(own.contains("<td>" + NAME + "</td>"), own);
    assertFalse(own.contains("of 100 ports: CRITICAL"), own);
    // The verdict is the whole host's, whatever is shown below it.
    assertTrue(own.contains("<b>CRITICAL</b>: " + REASON), own);
    assertEquals(404, home.call(() -> agent.http().get("/ports?netns=no%22such").status()));
  }

  @Test
  @Order(1)
  void strangersLearnNoName() throws Exception {
    String page = home.call(() -> agent.http().get("/", "Host: stranger.example").text());
    assertTrue(page.contains("<b>CRITICAL</b>: 0 of 100 ports free"), page);
    assertTrue(page.contains("in another network namespace"), page);
    for (String secret : List.of("127.0.0.1:80", "holder", NAME, String.valueOf(culprit.pid()))) {
      assertFalse(page.contains(secret), secret);
    }
  }

  @Test
  @Order(1)
  void theCommandsSayIt() throws Exception {
    Outcome check = run("check", "--namespaces=" + NAME);
    assertEquals(2, check.exitCode());
    assertTrue(
        check.out().getFirst().startsWith("PORTPOOL CRITICAL - " + REASON + "; by " + who()),
        check.out().toString());
    assertTrue(
        check.out().getFirst().contains("; next: in network namespace " + NAME),
        check.out()::toString);
    Outcome status = run("status", "--namespaces=" + NAME);
    says(status, "portpool status CRITICAL");
    says(status, " on " + HostName.current() + ", source ");
    says(status, REASON);
    says(status, "by: " + who());
    says(status, "next: in network namespace " + NAME + ": let holder share");
    Outcome doctor = run("doctor", "--namespaces=" + NAME);
    assertEquals(1, doctor.exitCode());
    says(doctor, "Ports CRITICAL: " + REASON);
    says(doctor, "by: " + who());
    says(doctor, "next: in network namespace " + NAME + ": let holder share");
  }

  @Test
  @Order(1)
  void theAgentKeepsHowProcessesWereStartedToItself() throws Exception {
    String port = get("/api/v1/ports/20000");
    assertTrue(port.contains("\"name\": \"holder\""), port);
    assertTrue(port.contains("\"command\": null"), port);
    assertFalse(port.contains("holder.py"), port);
    assertFalse(get("/ports/20000").contains("holder.py"));
  }

  private static void says(Outcome outcome, String words) {
    String text = String.join(" ", outcome.out().stream().map(String::strip).toList());
    assertTrue(text.contains(words), words + " in " + text);
  }

  @Test
  @Order(2)
  void itIsOverOnceItIs() throws Exception {
    culprit.destroyForcibly();
    culprit.waitFor();
    server.close();
    try {
      Await.until("all is well again", () -> verdict().get("state").getAsString().equals("ok"));
    } catch (AssertionError e) {
      throw new AssertionError(verdict() + "\n" + agent.log(), e);
    }
    assertEquals(0, verdict().getAsJsonArray("culprits").size());
    assertTrue(get("/").contains("<b>OK</b>"));
    assertEquals(0, run("check", "--namespaces=" + NAME).exitCode());
    says(run("status", "--namespaces=" + NAME), "portpool status OK");
  }
}
