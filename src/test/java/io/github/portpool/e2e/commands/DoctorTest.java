package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doctor finds what is planted, and what it prescribes helps: with a real kernel. */
@MostlyWaits
@ResourceLock(value = MostlyWaits.FAILED_CONNECTS, mode = ResourceAccessMode.READ)
class DoctorTest {
  private static final List<String> WITHOUT_BPF =
      List.of("setpriv", "--bounding-set=-bpf,-sys_admin", "--inh-caps=-bpf,-sys_admin");

  private static final String ME = "127.0.0.1";

  private Netns netns;
  private Population population;
  private Server web;

  @BeforeEach
  void makeNamespace() throws Exception {
    netns = Netns.create();
    netns.call(() -> {
      population = new Population();
      web = new Server(80);
      return null;
    });
  }

  @AfterEach
  void removeNamespace() {
    population.close();
    web.close();
    netns.close();
  }

  /** Something to do in the namespace. */
  private interface Deed {
    void run() throws Exception;
  }

  private void in(Deed deed) throws Exception {
    netns.call(() -> {
      deed.run();
      return null;
    });
  }

  /** The findings by their rule. */
  private Map<String, JsonObject> findings() throws Exception {
    Outcome outcome = netns.call(() -> Program.run("doctor", "--json"));
    assertEquals(List.of(), outcome.err());
    JsonObject diagnosis = new Gson().fromJson(String.join("\n", outcome.out()), JsonObject.class);
    assertEquals(diagnosis.get("healthy").getAsBoolean() ? 0 : 1, outcome.exitCode());
    Map<String, JsonObject> findings = new TreeMap<>();
    for (JsonElement finding : diagnosis.getAsJsonArray("findings")) {
      findings.put(finding.getAsJsonObject().get("rule").getAsString(), finding.getAsJsonObject());
    }
    return findings;
  }

  private JsonObject finding(String rule) throws Exception {
    Map<String, JsonObject> findings = findings();
    assertTrue(findings.containsKey(rule), findings.toString());
    return findings.get(rule);
  }

  private static String evidence(JsonObject finding) {
    return finding.getAsJsonArray("evidence").toString();
  }

  /** Runs what the finding says, as an operator would. */
  private void obey(JsonObject finding) throws Exception {
    Needs.program("/usr/sbin/sysctl", "procps");
    List<String> commands = new ArrayList<>();
    for (JsonElement fix : finding.getAsJsonArray("fixes")) {
      commands.add(fix.getAsJsonObject().get("command").getAsString());
    }
    assertTrue(!commands.isEmpty(), finding.toString());
    for (String command : commands) {
      Outcome outcome = netns.call(() -> Program.run(new ProcessBuilder("sh", "-c", command)));
      assertEquals(0, outcome.exitCode(), outcome.toString());
    }
  }

  @Test
  void nothingIsWrongWithANewNamespace() throws Exception {
    assertEquals(Map.of(), findings());
  }

  @Test
  void unreservedListenersAreReserved() throws Exception {
    netns.sysctl("ip_local_reserved_ports", "8080,50003-50010");
    in(() -> {
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 50_000));
      check(population.listen(TestSocket.tcp(true), "::", 50_001));
      check(population.bind(TestSocket.udp(false), ME, 50_002));
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 50_005));
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 8080));
      check(population.listen(TestSocket.tcp(false), "0.0.0.0", 0));
      check(population.listen(TestSocket.tcp(true), "::", 0));
    });
    JsonObject finding = finding("unreserved_listeners");
    assertTrue(
        evidence(finding).contains("TCP port 50000: ")
            && evidence(finding).contains("pid " + ProcessHandle.current().pid()),
        evidence(finding));
    assertEquals(3, finding.getAsJsonArray("evidence").size());
    obey(finding);
    assertEquals("8080,50000-50010", sysctl("ip_local_reserved_ports"));
    assertEquals(List.of("reserved_outside"), List.copyOf(findings().keySet()));
  }

  private String sysctl(String name) throws Exception {
    return netns
        .call(() -> Program.run(new ProcessBuilder("sysctl", "-n", "net.ipv4." + name)))
        .out()
        .getFirst();
  }

  @Test
  void aSmallRangeIsWidenedAndSparesListeners() throws Exception {
    netns.range(20_000, 20_099);
    in(() -> check(population.listen(TestSocket.tcp(false), "0.0.0.0", 50_000)));
    JsonObject finding = finding("small_range");
    assertTrue(evidence(finding).contains("a pool of 100"), evidence(finding));
    obey(finding);
    assertEquals(Map.of(), findings());
    assertEquals("50000", sysctl("ip_local_reserved_ports"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubelet", "kubelite"})
  void nodePortsAreReservedOnANode(String name, @TempDir Path directory) throws Exception {
    netns.range(30_000, 60_999);
    assertTrue(evidence(finding("node_ports")).contains("2768 ports"));
    ProcessBuilder kubelet = process(directory, name);
    Process process = netns.call(kubelet::start);
    try {
      JsonObject finding = finding("node_ports");
      assertEquals("warning", finding.get("severity").getAsString());
      obey(finding);
      assertEquals("30000-32767", sysctl("ip_local_reserved_ports"));
      assertEquals(Map.of(), findings());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aNodeIsNoNodeInOtherNamespaces(@TempDir Path directory) throws Exception {
    netns.range(30_000, 60_999);
    Process process = process(directory, "kubelet").start();
    try {
      assertEquals("note", finding("node_ports").get("severity").getAsString());
    } finally {
      process.destroyForcibly();
    }
  }

  /** A process that only has the name. */
  private static ProcessBuilder process(Path directory, String name) throws IOException {
    Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve(name));
    return new ProcessBuilder(program.toString(), "60");
  }

  @Test
  void aDestinationPastOneHalf() throws Exception {
    netns.range(20_000, 20_099);
    connect(50);
    assertTrue(!findings().containsKey("tight_destinations"));
    connect(1);
    assertTrue(
        evidence(finding("tight_destinations")).contains("51 ports used, 49 free"),
        evidence(finding("tight_destinations")));
    connect(49);
    assertEquals("critical", finding("tight_destinations").get("severity").getAsString());
  }

  @Test
  void aFullUdpPool() throws Exception {
    netns.range(20_000, 20_009);
    in(() -> {
      for (int i = 0; i < 10; i++) {
        check(population.bind(TestSocket.udp(false), "0.0.0.0", 0));
      }
    });
    assertEquals("critical", finding("udp_pool").get("severity").getAsString());
  }

  private void connect(int connections) throws Exception {
    in(() -> {
      for (int i = 0; i < connections; i++) {
        TestSocket socket = population.hold(TestSocket.tcp(false));
        check(socket.connect(ME, 80));
      }
    });
  }

  @Test
  void bindBeforeConnectIsCountedExactly() throws Exception {
    in(() -> {
      for (int i = 0; i < 20; i++) {
        check(population.bindThenConnect(ME, 50_000 + i, ME, web));
      }
      for (int i = 0; i < 200; i++) {
        check(population.bindThenConnect(ME, 0, ME, web));
      }
      // With IP_BIND_ADDRESS_NO_PORT, and without any bind().
      for (int i = 0; i < 50; i++) {
        check(population.connect(ME, ME, web));
      }
    });
    connect(50);
    String evidence = evidence(finding("bind_before_connect"));
    assertTrue(
        evidence.contains("220 of 320 connections (20 named the port, 200 let bind() choose it)"),
        evidence);
    assertTrue(evidence.contains("(pid " + ProcessHandle.current().pid() + ")"), evidence);
  }

  /** Past one half of the odd ports bind() takes even ones, which connect() takes first. */
  @Test
  void whoBindsIsKnownWhateverItsPorts() throws Exception {
    in(() -> {
      for (int i = 0; i < 20; i++) {
        check(population.bindThenConnect(ME, 0, ME, web));
      }
      for (int i = 0; i < 20; i++) {
        try (Server gone = new Server(50_000 + 2 * i)) {
          check(population.connect(ME, ME, gone));
          check(population.connect(ME, ME, gone));
        }
      }
    });
    assertTrue(
        evidence(finding("bind_before_connect"))
            .contains("20 of 100 connections (0 named the port, 20 let bind() choose it)"),
        evidence(finding("bind_before_connect")));
    assertTrue(
        evidence(finding("outlived_listener")).contains("40 connections"),
        evidence(finding("outlived_listener")));
  }

  @Test
  void bindBeforeConnectOverIpv6IsCountedExactly() throws Exception {
    in(() -> {
      for (int i = 0; i < 200; i++) {
        check(population.bindThenConnect("::1", 0, "::1", web));
      }
    });
    String evidence = evidence(finding("bind_before_connect"));
    assertTrue(evidence.contains("(0 named the port, 200 let bind() choose it)"), evidence);
  }

  @Test
  void otherConnectionsAreNoBindBeforeConnect() throws Exception {
    in(() -> {
      for (int i = 0; i < 200; i++) {
        check(population.connect(ME, ME, web));
        check(population.connect("::1", "::1", web));
      }
    });
    connect(200);
    assertEquals(Map.of(), findings());
  }

  @Test
  void whatComesInThroughAListenerIsNoBindBeforeConnect() throws Exception {
    netns.sysctl("ip_local_reserved_ports", "");
    in(() -> {
      try (Server inRange = new Server(50_001)) {
        for (int i = 0; i < 100; i++) {
          check(population.connect(ME, ME, inRange));
        }
      }
    });
    // Its listener is gone, and a hundred connections on one odd port are left.
    assertEquals(Map.of(), findings());
  }

  @Test
  void closeWaitNamesTheProgram() throws Exception {
    in(() -> {
      for (int i = 0; i < 100; i++) {
        population.closeWait(ME, ME, web);
      }
    });
    String evidence = evidence(finding("close_wait"));
    assertTrue(evidence.contains("100 of 100 connections of "), evidence);
    assertTrue(evidence.contains("(pid " + ProcessHandle.current().pid() + ")"), evidence);
  }

  @Test
  void timeWaitChurnIsMendedByReuse() throws Exception {
    netns.range(20_000, 20_099);
    netns.sysctl("tcp_tw_reuse", "0");
    netns.reuseDelay(1);
    in(() -> {
      for (int i = 0; i < 20; i++) {
        population.timeWait(ME, ME, web);
      }
    });
    JsonObject finding = finding("time_wait_churn");
    assertTrue(evidence(finding).contains("20 of 100 ports"), evidence(finding));
    obey(finding);
    assertEquals("1", sysctl("tcp_tw_reuse"));
    assertEquals(List.of("small_range"), List.copyOf(findings().keySet()));
  }

  @Test
  void timestampsAreSwitchedOn() throws Exception {
    netns.sysctl("tcp_timestamps", "0");
    obey(finding("timestamps"));
    assertEquals(Map.of(), findings());
  }

  @Test
  void thePageSaysWhatWasNotSeen() throws Exception {
    String classPath = System.getProperty("java.class.path");
    Outcome outcome =
        netns.call(() -> Program.run(Program.process(WITHOUT_BPF, classPath, "doctor")));
    assertEquals(0, outcome.exitCode());
    assertEquals("Nothing is wrong.", outcome.out().get(2));
    String page = String.join("\n", outcome.out());
    assertTrue(page.contains("  - exact_blocked: ") && page.contains("  - namespaces: "), page);
  }

  private void connections(int count) throws Exception {
    for (int each = 0; each < count; each++) {
      check(population.connect(ME, ME, web));
    }
  }

  @Test
  void aRecordingIsJudgedWithoutAskingThisHost(@TempDir Path folder) throws Exception {
    netns.range(40_000, 40_019);
    netns.sysctl("ip_local_reserved_ports", "40019,50000");
    in(() -> connections(17));
    String file = folder.resolve("recording").toString();
    assertEquals(0, netns.call(() -> Program.run("record", file)).exitCode());
    Outcome outcome = Program.run("doctor", "--source=replay:" + file);
    String said = String.join("\n", outcome.out());
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertEquals(List.of(), outcome.err());
    assertTrue(said.contains("if that is Linux, make the change: sysctl"), said);
    assertTrue(said.contains("50000"), said);
  }

  @Test
  void anotherOpinionFindsTheFullDestinationToo() throws Exception {
    netns.range(40_000, 40_019);
    in(() -> connections(19));
    Outcome outcome = netns.call(() -> Program.run("doctor", "--source=oshi"));
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertEquals(List.of(), outcome.err());
  }
}
