package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import io.github.portpool.source.owner.Child;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code portpool who} beside ss(8) and lsof(8), asked about the same sockets. */
@MostlyWaits
class WhoTest {
  private static final String PORT = "40000";
  private static final String DUAL = "40001";
  private static final String BOUND = "40002";
  private static final String UNUSED = "40003";

  /** All but what is in TIME_WAIT or closed. */
  private static final int HELD = 15;

  private static final String POPULATION =
      """
      V4, V6 = '127.0.0.1', '::1'
      v4 = socket.create_server((V4, 40000))
      v6 = socket.create_server((V6, 40000), family=socket.AF_INET6)
      dual = socket.create_server(('::', 40001), family=socket.AF_INET6, dualstack_ipv6=True)
      bound = socket.socket()
      bound.bind((V4, 40002))
      def connected(server, address):
          client = socket.create_connection((address, server.getsockname()[1]))
          return client, server.accept()[0]
      kept = [connected(v4, V4), connected(v6, V6), connected(dual, V4), connected(dual, V6)]
      left = connected(v4, V4)
      left[0].close()
      for client, accepted in [connected(v4, V4), connected(v6, V6)]:
          accepted.close()
          client.close()
      udp = socket.socket(type=socket.SOCK_DGRAM)
      udp.bind(('', 40000))
      peer = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
      peer.bind((V6, 40000))
      peer.connect((V6, 53))
      ready(' '.join(str(pair[0].getsockname()[1]) for pair in kept))
      wait()
      """;

  private Netns netns;

  @BeforeEach
  void enter() throws Exception {
    netns = Netns.create();
    // Clients are given other ports than those that the tests name.
    netns.range(50_000, 50_099);
  }

  @AfterEach
  void leave() {
    netns.close();
  }

  private Outcome who(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("who"));
    all.addAll(List.of(arguments));
    return netns.call(() -> Program.run(all.toArray(String[]::new)));
  }

  private static JsonObject report(Outcome outcome) {
    assertEquals(List.of(), outcome.err());
    return FoundRows.reports(outcome).getFirst();
  }

  @Test
  void ssShowsTheSame() throws Exception {
    Needs.program("/usr/bin/ss", "iproute2");
    try (Child child = Child.start(netns, POPULATION)) {
      // An IPv4 and an IPv6 client may have been given the same port.
      Set<String> ports = new TreeSet<>(List.of(child.answer().split(" ", -1)));
      ports.addAll(List.of(PORT, DUAL));
      List<String> arguments = new ArrayList<>(ports);
      arguments.addAll(List.of("--json", "--namespaces=host"));
      Outcome outcome = who(arguments.toArray(String[]::new));
      assertEquals(List.of(), outcome.err());
      assertEquals(0, outcome.exitCode());
      List<String> rows =
          FoundRows.reports(outcome).stream()
              .flatMap(report -> FoundRows.sockets(report).stream())
              .map(FoundRows::row)
              .sorted()
              .toList();
      Outcome ss = netns.call(() -> Program.run(new ProcessBuilder("ss", "-tuanpH")));
      assertEquals(FoundRows.ofSs(ss, ports).stream().sorted().toList(), rows);
      assertTrue(rows.contains("tcp listen [::]:40001 - " + child.pid()), rows.toString());
      assertEquals(
          2, rows.stream().filter(row -> row.startsWith("tcp time_wait")).count(), rows.toString());
      assertTrue(rows.size() > 15, rows.toString());
    }
  }

  @Test
  void lsofNamesTheSameProcesses() throws Exception {
    Needs.program("/usr/bin/lsof", "lsof");
    try (Child child = Child.start(netns, POPULATION)) {
      child.answer();
      JsonObject report = report(who(PORT, "--json", "--namespaces=host"));
      TreeSet<String> ours = new TreeSet<>();
      for (JsonObject socket : FoundRows.sockets(report)) {
        String[] row = FoundRows.row(socket).split(" ", -1);
        if (!row[4].equals("-")) {
          String local = row[2].replaceFirst("^(0\\.0\\.0\\.0|\\[::\\]):", "*:");
          ours.add(row[4] + " " + local + (row[3].equals("-") ? "" : "->" + row[3]));
        }
      }
      Outcome lsof =
          netns.call(
              () -> Program.run(new ProcessBuilder("lsof", "-nP", "-i", ":" + PORT, "-F", "pn")));
      TreeSet<String> theirs = new TreeSet<>();
      String pid = "";
      for (String line : lsof.out()) {
        pid = line.startsWith("p") ? line.substring(1) : pid;
        if (line.startsWith("n") && line.matches("n[^>]*:" + PORT + "(->.*)?")) {
          theirs.add(pid + " " + line.substring(1));
        }
      }
      assertEquals(theirs, ours);
      assertFalse(ours.isEmpty());
    }
  }

  @Test
  void theFirstLineIsTheAnswer() throws Exception {
    try (Child child = Child.start(netns, "named(b'web')\n" + POPULATION)) {
      child.answer();
      String who = "web (pid " + child.pid() + ", user root";
      Outcome listening = who(DUAL, "--namespaces=host");
      assertEquals(0, listening.exitCode());
      String first = listening.out().getFirst();
      assertTrue(first.startsWith("Port 40001/tcp: " + who), first);
      assertTrue(first.endsWith(") listens on [::]; 2 more sockets are there"), first);
      Outcome bound = who(BOUND, "--namespaces=host");
      first = bound.out().getFirst();
      assertTrue(first.endsWith("has bound 127.0.0.1 and neither listens nor connects"), first);
      assertEquals(0, bound.exitCode());
      Outcome nothing = who(UNUSED, "--namespaces=host");
      assertEquals(
          "Port 40003: nothing was found in 1 network namespace.", nothing.out().getFirst());
      assertTrue(
          nothing
              .out()
              .contains("no agent answers at http://localhost:10696, so there is no history"),
          nothing.out().toString());
      assertTrue(
          nothing.out().contains("Note: other network namespaces were not asked for"),
          nothing.out().toString());
      assertEquals(1, nothing.exitCode());
      assertEquals(0, who(UNUSED, BOUND, "--namespaces=host").exitCode());
      assertEquals(1, who(UNUSED, "--json", "--namespaces=host").exitCode());
    }
  }

  @Test
  void aProcessHasPorts() throws Exception {
    try (Child child = Child.start(netns, "named(b'holder-of-many')\n" + POPULATION)) {
      child.answer();
      Outcome outcome = who("holder-of-many", "--namespaces=host");
      assertEquals("holder-of-many: 15 sockets, pid " + child.pid(), outcome.out().getFirst());
      assertEquals(0, outcome.exitCode());
      JsonObject json = report(who("holder-of-many", "--json", "--namespaces=host"));
      assertEquals(HELD, FoundRows.sockets(json).size());
      assertTrue(
          FoundRows.sockets(json).stream()
              .anyMatch(socket -> FoundRows.row(socket).startsWith("tcp bound 127.0.0.1:40002")));
      Outcome nobody = who("holder-of-none", "--namespaces=host");
      assertEquals(
          "No TCP or UDP socket of a process called holder-of-none was found.",
          nobody.out().getFirst());
      assertEquals(1, nobody.exitCode());
    }
  }

  @Test
  void everyNamespaceIsLookedInto() throws Exception {
    String name = "portpool-who-" + ProcessHandle.current().pid();
    try (Netns other = Netns.create();
        Child child = Child.start(other, POPULATION)) {
      other.name(name);
      child.answer();
      JsonObject report = report(who(DUAL, "--json"));
      List<String> rows =
          FoundRows.sockets(report).stream()
              .filter(socket -> socket.get("netns").getAsString().equals(name))
              .map(FoundRows::row)
              .toList();
      assertEquals(3, rows.size(), rows.toString());
      assertTrue(rows.contains("tcp listen [::]:40001 - " + child.pid()), rows.toString());
      assertEquals(
          3, FoundRows.sockets(report(who(DUAL, "--json", "--namespaces=" + name))).size());
      Outcome alone = who(DUAL, "--json", "--namespaces=host");
      assertEquals(1, alone.exitCode());
      JsonObject page = report(who("python3", "--json", "--namespaces=" + name));
      assertEquals(HELD, FoundRows.sockets(page).size());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "b'<script>alert(1', <script>alert(1",
    "b'a\\nb\\r\\tc', a\\u000ab\\u000d\\u0009c",
    "b'\"\\'`$(x)\\\\', \"'`$(x)\\",
    "b'\\x1b[31m\\x1b]0;x\\x07', \\u001b[31m\\u001b]0;x\\u0007",
    "b'\\xe2\\x80\\xaetxt.exe', \\u202etxt.exe",
    "b'\\xff\\xfe\\xc3', \ufffd\ufffd\ufffd",
  })
  void hostileNamesStayNames(String name, String shown) throws Exception {
    try (Child child = Child.start(netns, "named(" + name + ")\n" + POPULATION)) {
      child.answer();
      Outcome text = who(DUAL, "--namespaces=host");
      assertEquals(List.of(), text.err());
      assertEquals(3, text.out().stream().filter(line -> line.startsWith("tcp  ")).count());
      for (String line : text.out()) {
        assertTrue(
            line.codePoints()
                .noneMatch(point ->
                    Character.getType(point) == Character.CONTROL
                        || Character.getType(point) == Character.FORMAT),
            line);
      }
      JsonObject report = report(who(DUAL, "--json", "--namespaces=host"));
      JsonObject process = FoundRows.sockets(report).getFirst().getAsJsonObject("process");
      assertEquals(shown, process.get("name").getAsString());
      assertEquals(child.pid(), process.get("pid").getAsInt());
      Outcome held = who(shown, "--json", "--namespaces=host");
      assertEquals(HELD, FoundRows.sockets(report(held)).size());
    }
  }

  @Test
  void oshiNamesTheSameProcess() throws Exception {
    try (Child child = Child.start(netns, "named(b'web')\n" + POPULATION)) {
      child.answer();
      JsonObject report = report(who(DUAL, "--json", "--source=oshi"));
      List<String> rows = FoundRows.sockets(report).stream().map(FoundRows::row).toList();
      assertTrue(rows.contains("tcp listen [::]:40001 - " + child.pid()), rows.toString());
      JsonObject process = FoundRows.sockets(report).getFirst().getAsJsonObject("process");
      assertEquals("web", process.get("name").getAsString());
      assertFalse(process.get("started").isJsonNull());
      assertEquals(0, who("web", "--source=oshi").exitCode());
    }
  }
}
