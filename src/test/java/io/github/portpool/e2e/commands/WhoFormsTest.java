package io.github.portpool.e2e.commands;

import static io.github.portpool.oracle.Kernel.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Population;
import io.github.portpool.oracle.TestSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code portpool who} can be asked, many sockets, and whether bind() works. */
@NeedsHost
class WhoFormsTest {
  private static final String ME = "127.0.0.1";
  private static final int EADDRINUSE = 98;

  private final List<Process> holders = new ArrayList<>();
  private Netns netns;
  private Population population;
  private Server web;

  @BeforeEach
  void enter() throws Exception {
    Needs.program("/usr/bin/python3", "python3");
    netns = Netns.create();
    netns.range(20_000, 20_099);
    netns.call(() -> {
      population = new Population();
      web = new Server(80);
      return null;
    });
  }

  @AfterEach
  void leave() {
    holders.forEach(Process::destroyForcibly);
    population.close();
    web.close();
    netns.close();
  }

  private long holder(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("python3", "src/test/resources/situations/holder.py"));
    command.addAll(List.of(arguments));
    Process process = netns.call(() -> new ProcessBuilder(command).start());
    holders.add(process);
    assertEquals("ready", process.inputReader(StandardCharsets.UTF_8).readLine());
    return process.pid();
  }

  private Outcome who(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("who", "--namespaces=host"));
    all.addAll(List.of(arguments));
    return netns.call(() -> Program.run(all.toArray(String[]::new)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        ":80",
        "80/tcp",
        "80/UDP",
        "localhost:80",
        "127.0.0.1:80",
        "[::1]:80",
        "*:80",
        "http",
        "HTTP"
      })
  void aPortInAnyForm(String form) throws Exception {
    Outcome outcome = who(form);
    assertEquals(0, outcome.exitCode(), outcome.err()::toString);
    String first = outcome.out().getFirst();
    assertTrue(first.startsWith("Port 80/tcp: java (pid "), first);
    assertTrue(first.contains("listens on"), first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80-90", "1-65535", "80-80/tcp", ""})
  void manyPortsAreOneTable(String form) throws Exception {
    Outcome outcome = form.isEmpty() ? who() : who(form);
    assertEquals(0, outcome.exitCode(), outcome.err()::toString);
    String text = String.join("\n", outcome.out());
    assertTrue(text.contains(":80 "), text);
    assertTrue(text.contains("java"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "90-80", "80-65536", "192.0.2.7:80", "99999999999", "80-"})
  void whatIsNoPortOfThisHost(String form) throws Exception {
    Outcome outcome = who(form);
    assertTrue(outcome.exitCode() != 0);
    if (form.startsWith("192")) {
      assertTrue(outcome.err().getFirst().contains("--to=192.0.2.7:80"), outcome.err()::toString);
    }
  }

  @Test
  void manySocketsAreGroupedByProcess() throws Exception {
    long other = holder("some", ME, "80", "30");
    long pid = holder("fill", ME, "80");
    Outcome outcome = who("--to", ME + ":80");
    assertEquals("100 sockets toward 127.0.0.1:80.", outcome.out().getFirst());
    String text = String.join("\n", outcome.out());
    assertTrue(
        text.matches("(?s).*\\n *70 +tcp +established +127.0.0.1:80 +holder +" + pid + " .*"),
        text);
    assertTrue(
        text.matches("(?s).*\\n *30 +tcp +established +127.0.0.1:80 +holder +" + other + " .*"),
        text);
    assertTrue(
        text.matches("(?s).*\\n  " + pid + "  \\S*python3 \\S+/holder.py fill 127.0.0.1 80\\n.*"),
        text);
    assertTrue(
        text.matches(
            "(?s).*\\n  " + other + "  \\S*python3 \\S+/holder.py some 127.0.0.1 80 30\\n.*"),
        text);
    assertTrue(outcome.out().size() < 15, text);
    Outcome each = who("--to", ME + ":80", "--sockets");
    assertEquals(
        100,
        each.out().stream().filter(line -> line.startsWith("tcp ")).count(),
        each.out()::toString);
    JsonObject json =
        new Gson()
            .fromJson(String.join("\n", who("--json", "--to", ME + ":80").out()), JsonObject.class);
    assertEquals(2, json.getAsJsonArray("groups").size());
    assertEquals(
        70, json.getAsJsonArray("groups").get(0).getAsJsonObject().get("sockets").getAsInt());
    String server = String.join("\n", who("80").out());
    assertTrue(server.lines().count() < 25, server);
    assertTrue(server.matches("(?s).*\\n *100 +tcp +established .*"), server);
    String held = String.join("\n", who("holder").out());
    assertTrue(held.startsWith("holder: 100 sockets, pid "), held);
  }

  @Test
  void bindDoesWhatWasSaid() throws Exception {
    holder("listen", "20050", "1", "1");
    int port =
        netns.call(() -> {
          population.timeWait(ME, ME, web);
          check(population.connect(ME, ME, web));
          return 20_060;
        });
    assertTrue(
        bindOf("20050").contains("fails (EADDRINUSE) where the addresses overlap: holder (pid "));
    assertEquals(EADDRINUSE, bind(20_050));
    assertTrue(bindOf(String.valueOf(port)).contains("works"));
    assertEquals(0, bind(port));
    int checked = 0;
    for (int each : netns.call(this::ports)) {
      String said = bindOf(String.valueOf(each));
      assertTrue(said.contains("fail"), said);
      assertEquals(EADDRINUSE, bind(each), said);
      checked++;
    }
    assertEquals(2, checked);
  }

  /** The local ports of the pool that have a connection, by /proc/net/tcp. */
  private List<Integer> ports() throws Exception {
    return Files.readAllLines(Path.of("/proc/thread-self/net/tcp")).stream()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> !columns[3].equals("0A"))
        .map(columns -> Integer.parseInt(columns[1].substring(9), 16))
        .filter(port -> port >= 20_000 && port < 20_100)
        .toList();
  }

  private String bindOf(String port) throws Exception {
    return who(port).out().stream()
        .filter(line -> line.strip().startsWith("tcp bind() "))
        .findFirst()
        .orElseThrow();
  }

  private int bind(int port) throws Exception {
    return netns.call(() -> {
      try (TestSocket socket = TestSocket.tcp(false)) {
        return socket.bind(ME, port);
      }
    });
  }

  @Test
  void aJvmIsToldFromAnotherByWhatFollowsItsClassPath() throws Exception {
    Outcome outcome = who("80");
    String text = String.join("\n", outcome.out());
    assertTrue(text.contains("Started as"), text);
    assertFalse(text.contains(System.getProperty("java.class.path")), text);
    assertTrue(text.lines().allMatch(line -> line.length() < 300), text);
  }
}
