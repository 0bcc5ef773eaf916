package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;

/**
 * Situations from the field, made for real: check and doctor agree about each, the doctor names who
 * it is, and its commands, run as they are printed, leave nothing of what they are for.
 */
@MostlyWaits
@Order(2)
@ResourceLock(
    value = MostlyWaits.FAILED_CONNECTS,
    mode = ResourceAccessMode.READ,
    target = ResourceLockTarget.CHILDREN)
class CuresTest {
  private static final String ME = "127.0.0.1";
  private static final List<String> STATES = List.of("ok", "warning", "critical");

  private final List<Process> holders = new ArrayList<>();
  private Netns netns;
  private Population population;

  @BeforeEach
  void makeNamespace() throws Exception {
    Needs.program("/usr/sbin/sysctl", "procps");
    netns = Netns.create();
    population = new Population();
  }

  @AfterEach
  void removeNamespace() {
    holders.forEach(Process::destroyForcibly);
    population.close();
    netns.close();
  }

  /** A process called holder that holds sockets in some way, once it does. */
  private long holder(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("python3", "src/test/resources/situations/holder.py"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = netns.call(builder::start);
    holders.add(process);
    assertEquals("ready", process.inputReader(StandardCharsets.UTF_8).readLine());
    return process.pid();
  }

  private Outcome inside(String... command) throws Exception {
    return netns.call(() -> Program.run(new ProcessBuilder(command)));
  }

  private String sysctl(String name) throws Exception {
    return inside("cat", "/proc/sys/net/ipv4/" + name).out().getFirst();
  }

  /** What the doctor says, after check has said the same. */
  private Map<String, JsonObject> findings() throws Exception {
    Outcome check = netns.call(() -> Program.run("check"));
    Outcome doctor = netns.call(() -> Program.run("doctor", "--json"));
    JsonObject diagnosis = new Gson().fromJson(String.join("\n", doctor.out()), JsonObject.class);
    assertEquals(
        STATES.get(check.exitCode()),
        diagnosis.get("state").getAsString(),
        check.out() + " " + diagnosis);
    Map<String, JsonObject> findings = new TreeMap<>();
    int worst = 0;
    for (JsonElement each : diagnosis.getAsJsonArray("findings")) {
      JsonObject finding = each.getAsJsonObject();
      findings.put(finding.get("rule").getAsString(), finding);
      worst = Math.max(worst, STATES.indexOf(finding.get("severity").getAsString()));
    }
    assertTrue(worst >= check.exitCode(), check.out() + " " + diagnosis);
    return findings;
  }

  private static List<String> commands(JsonObject finding) {
    List<String> commands = new ArrayList<>();
    for (JsonElement fix : finding.getAsJsonArray("fixes")) {
      commands.add(fix.getAsJsonObject().get("command").getAsString());
      assertTrue(fix.getAsJsonObject().get("lasting").isJsonNull(), "of another namespace: " + fix);
    }
    return commands;
  }

  /** Obeys each of some findings, which have commands, and sees that nothing is left to obey. */
  private Map<String, JsonObject> obey(Map<String, JsonObject> findings, String... rules)
      throws Exception {
    assertEquals(
        List.of(rules),
        findings.keySet().stream().filter(rule -> !commands(findings.get(rule)).isEmpty()).toList(),
        findings.toString());
    for (String rule : rules) {
      for (String command : commands(findings.get(rule))) {
        Outcome outcome = inside("sh", "-c", command);
        assertEquals(List.of(), outcome.err(), command);
        assertEquals(0, outcome.exitCode(), command);
      }
    }
    Map<String, JsonObject> after = findings();
    for (String rule : rules) {
      assertFalse(after.containsKey(rule), after.toString());
    }
    after.values().forEach(finding -> assertEquals(List.of(), commands(finding)));
    return after;
  }

  private static void assertNames(JsonObject finding, long pid) {
    assertSays(finding, "holder (pid " + pid + ")");
  }

  private static void assertSays(JsonObject finding, String text) {
    assertTrue(finding.toString().contains(text), finding.toString());
  }

  private static void assertCritical(JsonObject finding) {
    assertEquals("critical", finding.get("severity").getAsString(), finding.toString());
  }

  @Test
  void boundSocketsThatCloseThePool() throws Exception {
    netns.range(20_000, 20_999);
    long pid = holder("bound", "960");
    holder("bound", "3");
    Map<String, JsonObject> findings = findings();
    for (String rule : List.of("closed_ports", "bind_pool")) {
      assertCritical(findings.get(rule));
      assertNames(findings.get(rule), pid);
    }
    assertEquals(List.of(), List.copyOf(obey(findings, "small_range").keySet()));
  }

  @Test
  void listenersThatCloseThePool() throws Exception {
    netns.range(20_000, 20_999);
    long pid = holder("listen", "20000", "1", "960");
    Map<String, JsonObject> findings = findings();
    assertCritical(findings.get("closed_ports"));
    assertNames(findings.get("closed_ports"), pid);
    obey(findings, "small_range", "unreserved_listeners");
  }

  @Test
  void udpSocketsThatFillThePool() throws Exception {
    netns.range(20_000, 20_099);
    netns.call(() -> {
      for (int i = 0; i < 96; i++) {
        check(population.bind(TestSocket.udp(false), "0.0.0.0", 0));
      }
      return null;
    });
    JsonObject finding = findings().get("udp_pool");
    assertCritical(finding);
    assertSays(finding, "96 UNCONNECTED: ");
    assertSays(finding, "(pid " + ProcessHandle.current().pid() + ")");
  }

  @Test
  void moreListenersThanTheKernelTakesAtAWrite() throws Exception {
    holder("listen", "33000", "2", "4000");
    Map<String, JsonObject> findings = findings();
    assertEquals(7, commands(findings.get("unreserved_listeners")).size());
    assertEquals(List.of(), List.copyOf(obey(findings, "unreserved_listeners").keySet()));
    assertEquals(4000, sysctl("ip_local_reserved_ports").split(",").length);
  }

  @Test
  void soManyListenersThatTheirReservationIsTheRange() throws Exception {
    holder("listen", "33000", "1", "18000");
    Map<String, JsonObject> after = obey(findings(), "unreserved_listeners");
    assertEquals(Map.of(), after);
    assertEquals("33000-50999", sysctl("ip_local_reserved_ports"));
    assertEquals("32768\t65535", sysctl("ip_local_port_range"));
  }

  @Test
  void aListenerInARangeThatMoves() throws Exception {
    netns.range(20_000, 20_099);
    netns.call(() -> {
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 20_043));
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 50_000));
      return null;
    });
    Map<String, JsonObject> findings = findings();
    List<String> commands = commands(findings.get("unreserved_listeners"));
    assertEquals(commands, commands(findings.get("small_range")));
    Map<String, JsonObject> after = obey(findings, "small_range", "unreserved_listeners");
    assertEquals("20043,50000", sysctl("ip_local_reserved_ports"));
    assertEquals("note", after.get("reserved_outside").get("severity").getAsString());
  }

  @Test
  void oneCommandAloneHelpsToo() throws Exception {
    netns.range(20_000, 20_099);
    netns.call(() -> {
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 20_043));
      return null;
    });
    String reserve = commands(findings().get("unreserved_listeners")).getFirst();
    assertEquals(0, inside("sh", "-c", reserve).exitCode());
    assertFalse(findings().containsKey("unreserved_listeners"));
  }

  @Test
  void aRangeThatTheKernelDoesNotLetBeginLower() throws Exception {
    netns.range(40_000, 40_099);
    netns.sysctl("ip_unprivileged_port_start", "39999");
    JsonObject finding = findings().get("small_range");
    assertSays(finding, "ip_unprivileged_port_start=39999");
    obey(findings(), "small_range");
    assertEquals("40000\t65535", sysctl("ip_local_port_range"));
  }

  @Test
  void whatCannotBeSetHereIsNoCommand() throws Exception {
    netns.range(20_000, 20_099);
    List<String> readOnly =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -o bind,ro /proc/sys /proc/sys && exec \"$@\"",
            "sh");
    Outcome doctor =
        netns.call(() ->
            Program.run(
                Program.process(readOnly, System.getProperty("java.class.path"), "doctor")));
    String page = String.join(" ", doctor.out()).replaceAll(" +", " ");
    assertTrue(page.contains("/proc/sys is read-only here"), page);
    assertTrue(page.contains("sysctl -w 'net.ipv4.ip_local_port_range=32768 60999'"), page);
    assertFalse(page.contains("now:"), page);
  }

  @Test
  void aDestinationThatDoesNotAnswer() throws Exception {
    netns.range(20_000, 20_199);
    netns.ip("link", "add", "void", "type", "veth", "peer", "name", "end");
    netns.ip("addr", "add", "10.9.0.1/24", "dev", "void");
    netns.ip("link", "set", "void", "up");
    netns.ip("link", "set", "end", "up");
    netns.ip("neigh", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:09", "dev", "void");
    long pid = holder("syn", "10.9.0.2", "5432", "200");
    JsonObject finding = findings().get("tight_destinations");
    assertCritical(finding);
    assertNames(finding, pid);
    assertSays(finding, "of these 200 SYN_SENT: ");
    assertSays(finding, "connect timeout");
    assertFalse(finding.toString().contains("keep-alive"), finding.toString());
  }

  @Test
  void aPeerThatIsGoneWithoutAWord() throws Exception {
    netns.range(20_000, 20_099);
    Server web = netns.call(() -> new Server(80));
    List<TestSocket> clients = new ArrayList<>();
    netns.call(() -> {
      for (int i = 0; i < 96; i++) {
        clients.add(population.hold(TestSocket.tcp(false)));
        check(clients.getLast().connect(ME, 80));
      }
      return null;
    });
    netns.ip("link", "set", "lo", "down");
    clients.forEach(TestSocket::close);
    web.close();
    JsonObject finding = findings().get("tight_destinations");
    assertCritical(finding);
    assertSays(finding, "96 FIN_WAIT1: ");
    assertSays(finding, "tcp_orphan_retries");
  }

  @Test
  void aProgramThatDoesNotClose() throws Exception {
    netns.range(20_000, 20_099);
    netns.call(() -> {
      try (Server web = new Server(80)) {
        for (int i = 0; i < 96; i++) {
          population.closeWait(ME, ME, web);
        }
      }
      return null;
    });
    Map<String, JsonObject> findings = findings();
    assertCritical(findings.get("tight_destinations"));
    assertSays(findings.get("tight_destinations"), "96 CLOSE_WAIT: ");
    assertSays(findings.get("tight_destinations"), "does not close them");
    assertTrue(findings.containsKey("close_wait"), findings.toString());
  }

  @Test
  void portsThatAProgramTakesAtRandomAreNotReserved() throws Exception {
    long stable = holder("listen", "50002", "1", "1");
    long pid = holder("random", "33000", "60000", "300", "4");
    Map<String, JsonObject> findings = findings();
    JsonObject random = findings.get("random_listeners");
    assertEquals("note", random.get("severity").getAsString());
    assertNames(random, pid);
    assertNames(findings.get("unreserved_listeners"), stable);
    obey(findings, "unreserved_listeners");
    assertEquals("50002", sysctl("ip_local_reserved_ports"));
  }

  @Test
  @ResourceLock(MostlyWaits.FAILED_CONNECTS)
  void aProgramThatRunsOutInItsOwnRange() throws Exception {
    Server web = netns.call(() -> new Server(80));
    holder("range", "41000", "41049", ME, "80");
    try (web) {
      Outcome check = netns.call(() -> Program.run("check"));
      assertEquals(2, check.exitCode(), check.out().toString());
      assertTrue(
          check.out().getFirst().contains("holder toward 127.0.0.1:80"), check.out().toString());
      JsonObject finding = findings().get("failed_connects");
      assertCritical(finding);
      assertSays(finding, "IP_LOCAL_PORT_RANGE");
    }
    holders.getLast().destroy();
    holders.getLast().waitFor();
    assertEquals(Map.of(), findings());
  }

  @Test
  void whoMayNotCountFailuresSaysSo() throws Exception {
    Needs.root();
    Outcome check =
        netns.call(() ->
            Program.run(
                Program.process(
                    List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"),
                    System.getProperty("java.class.path"),
                    "check")));
    assertTrue(
        check.out().getFirst().contains("not counted: connect() calls that fail"),
        check.out().toString());
  }
}
