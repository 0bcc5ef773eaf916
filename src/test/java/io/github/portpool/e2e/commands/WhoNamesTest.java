package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.portpool.MostlyWaits;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Program.Outcome;
import io.github.portpool.oracle.Netns;
import io.github.portpool.source.owner.Child;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code portpool who} about what is held in unusual ways. */
@MostlyWaits
@ResourceLock("one port") // which its tests look for in all namespaces
class WhoNamesTest {
  private static final String PORT = "10400";
  private static final String UNUSED = "19";

  private static final String THREADS =
      """
      import threading
      libc = ctypes.CDLL(None, use_errno=True)
      CLONE_NEWNS, CLONE_FILES, CLONE_NEWNET = 0x20000, 0x400, 0x40000000
      def unshare(flags):
          if libc.unshare(flags): raise OSError(ctypes.get_errno(), 'unshare')
      def exit_thread():
          libc.syscall({'x86_64': 60}.get(os.uname().machine, 93), 0)
      def thread(work):
          done = threading.Event()
          def run():
              work()
              done.set()
              threading.Event().wait()
          threading.Thread(target=run, daemon=True).start()
          done.wait()
      def listen():
          return socket.create_server(('', 10400))
      kept = []
      named(b'odd-holder')
      """;

  private Netns netns;

  @BeforeEach
  void enter() throws Exception {
    netns = Netns.create();
  }

  @AfterEach
  void leave() {
    netns.close();
  }

  private Child start(String program) throws Exception {
    return Child.start(netns, THREADS + program);
  }

  private Outcome who(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("who"));
    all.addAll(List.of(arguments));
    return netns.call(() -> Program.run(all.toArray(String[]::new)));
  }

  private JsonObject json(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    Outcome outcome = who(all.toArray(String[]::new));
    assertEquals(List.of(), outcome.err());
    return FoundRows.reports(outcome).getFirst();
  }

  private static JsonObject first(JsonObject report) {
    List<JsonObject> sockets = FoundRows.sockets(report);
    assertFalse(sockets.isEmpty(), report.toString());
    return sockets.getFirst();
  }

  private static List<Integer> pids(JsonObject socket) {
    return socket.getAsJsonArray("processes").asList().stream()
        .map(process -> process.getAsJsonObject().get("pid").getAsInt())
        .toList();
  }

  /** A process whose first thread has ended, and threads that share no descriptors with theirs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        def work(): kept.append(listen()); ready()
        threading.Thread(target=lambda: (work(), wait(), os._exit(0))).start()
        exit_thread()
        """,
        """
        def work(): unshare(CLONE_FILES); kept.append(listen())
        thread(work)
        ready()
        wait()
        """,
        """
        def work(): unshare(CLONE_FILES); kept.append(listen()); ready()
        threading.Thread(target=lambda: (work(), wait(), os._exit(0))).start()
        exit_thread()
        """
      })
  void whatOnlyAThreadHoldsIsFound(String program) throws Exception {
    try (Child child = start(program)) {
      child.answer();
      JsonObject socket = first(json(PORT, "--namespaces=host"));
      assertEquals(List.of(child.pid()), pids(socket));
      assertEquals("process", socket.get("holder").getAsString());
      assertEquals(List.of(child.pid()), pids(first(json("odd-holder", "--namespaces=host"))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def work(): unshare(CLONE_NEWNET); kept.append(listen())",
        """
        def work():
            home = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
            unshare(CLONE_NEWNET)
            kept.append(listen())
            kept.append(os.open('/proc/thread-self/ns/net', os.O_RDONLY))
            if libc.setns(home, CLONE_NEWNET): raise OSError(ctypes.get_errno(), 'setns')
            os.close(home)
        """,
        """
        def work():
            home = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
            unshare(CLONE_NEWNS | CLONE_NEWNET)
            kept.append(listen())
            libc.mount(b'none', b'/', None, 0x44000, None) # MS_REC | MS_PRIVATE
            if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None): raise OSError(ctypes.get_errno(), 'mount')
            open('/tmp/a namespace', 'w').close()
            if libc.mount(b'/proc/thread-self/ns/net', b'/tmp/a namespace', None, 0x1000, None):
                raise OSError(ctypes.get_errno(), 'mount')
            if libc.setns(home, CLONE_NEWNET): raise OSError(ctypes.get_errno(), 'setns')
            os.close(home)
        work()
        work = lambda: 0
        """
      })
  void whatIsInANamespaceWithoutAProcessIsFound(String program) throws Exception {
    try (Child child = start(program + "\nthread(work)\nready()\nwait()\n")) {
      child.answer();
      JsonObject report = json(PORT);
      JsonObject socket = first(report);
      assertEquals(List.of(child.pid()), pids(socket));
      assertNotEquals(report.get("netns").getAsString(), socket.get("netns").getAsString());
      assertEquals(List.of(child.pid()), pids(first(json("odd-holder"))));
    }
  }

  @Test
  void whatIsNotFoundIsSaidWithWhatWasSearched() throws Exception {
    for (String[] arguments : new String[][] {{UNUSED}, {"nobody-is-so-called"}}) {
      Outcome outcome = who(arguments[0], "--namespaces=host");
      assertEquals(1, outcome.exitCode());
      assertTrue(outcome.out().getFirst().contains("found"), outcome.out().toString());
      assertTrue(
          outcome.out().contains("Searched: 1 network namespace: that of this program alone"),
          outcome.out().toString());
    }
    Outcome everywhere = who(UNUSED);
    assertTrue(everywhere.out().getFirst().matches("Port 19: nothing was found in \\d+ .*"));
    assertTrue(
        everywhere.out().stream().anyMatch(line -> line.contains("cannot be found")),
        everywhere.out().toString());
    JsonObject searched = json(UNUSED).getAsJsonObject("searched");
    assertTrue(searched.get("namespaces").getAsInt() >= 2, searched.toString());
    assertTrue(searched.get("which").getAsString().contains("a socket alone"));
  }

  @Test
  void allProcessesThatShareAListenerAreNamed() throws Exception {
    String program =
        """
        hold, release = os.pipe()
        kept.append(listen())
        for i in range(24):
            if os.fork() == 0:
                named(b'heir')
                os.close(release)
                os.write(1, b'%d\\n' % os.getpid())
                os.read(hold, 1)
                os._exit(0)
        wait()
        """;
    try (Child child = start(program)) {
      TreeSet<Integer> pids = new TreeSet<>();
      for (int i = 0; i < 24; i++) {
        pids.add(Integer.valueOf(child.answer()));
      }
      JsonObject socket = first(json(PORT, "--namespaces=host"));
      List<Integer> named = pids(socket);
      assertEquals(child.pid(), named.getFirst(), "the one that the others inherited it from");
      assertEquals(new ArrayList<>(pids).subList(0, 19), named.subList(1, named.size()));
      assertEquals(5, socket.get("untrackedProcesses").getAsInt());
      assertEquals(child.pid(), socket.getAsJsonObject("process").get("pid").getAsInt());
      Outcome text = who(PORT, "--namespaces=host");
      String headline = text.out().getFirst();
      assertTrue(
          headline.startsWith(
              "Port 10400/tcp: odd-holder (pid %d), heir (pid %d), "
                  .formatted(child.pid(), pids.first())),
          headline);
      assertTrue(headline.contains(" and 21 more (user root"), headline);
      assertTrue(headline.endsWith(" listen on 0.0.0.0"), headline);
      assertTrue(
          text.out().stream()
              .anyMatch(line -> line.contains("odd-holder, heir") && line.contains("and 5 more")),
          text.out().toString());
      assertEquals(20, pids(first(json("heir", "--namespaces=host"))).size());
    }
  }

  /** Sockets of no process: the kernel's own, and one that is in flight between two processes. */
  @ParameterizedTest
  @ValueSource(strings = {"vxlan", "mptcp", "flight"})
  void whatNoProcessHasIsTheKernels(String kind) throws Exception {
    String program =
        """
        import array
        a, b = socket.socketpair()
        s = listen()
        a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [s.fileno()]))])
        s.close()
        ready()
        wait()
        """;
    try (Child child = start(kind.equals("flight") ? program : "ready()\nwait()\n")) {
      child.answer();
      make(kind);
      JsonObject socket = first(json(PORT, "--namespaces=host"));
      assertEquals("kernel", socket.get("holder").getAsString());
      assertEquals(List.of(), pids(socket));
      String headline = who(PORT, "--namespaces=host").out().getFirst();
      assertTrue(headline.matches("Port 10400/...: the kernel \\(no process.*"), headline);
      JsonObject hidden = unprivileged();
      assertEquals("unknown", first(hidden).get("holder").getAsString());
      assertTrue(hidden.getAsJsonObject("unavailable").has("processes"), hidden.toString());
    }
  }

  private void make(String kind) throws Exception {
    if (kind.equals("vxlan")) {
      tried("ip", "link", "add", "vx0", "type", "vxlan", "id", "42", "dstport", PORT);
      tried("ip", "link", "set", "vx0", "up");
    } else if (kind.equals("mptcp")) {
      tried("ip", "mptcp", "endpoint", "add", "127.0.0.1", "port", PORT, "signal");
    }
  }

  private void tried(String... command) throws Exception {
    Outcome made = netns.call(() -> Program.run(new ProcessBuilder(command)));
    Assumptions.assumeTrue(made.exitCode() == 0, "this kernel has no such thing: " + made.err());
  }

  private JsonObject unprivileged() throws Exception {
    List<String> prefix =
        List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all", "--reuid=0", "--nnp");
    Outcome outcome =
        netns.call(() ->
            Program.run(
                Program.process(
                    prefix,
                    System.getProperty("java.class.path"),
                    "who",
                    PORT,
                    "--namespaces=host",
                    "--json")));
    return FoundRows.reports(outcome).getFirst();
  }

  /** What the kernel sends on after its process has closed it, and what nobody has accepted yet. */
  @Test
  void whatNoProcessHasAnyMoreOrYetIsSaidAlike() throws Exception {
    String program =
        """
        server = socket.create_server(('127.0.0.1', 10401))
        orphan = socket.create_connection(server.getsockname(), source_address=('127.0.0.1', 10400))
        other = server.accept()[0]
        orphan.setblocking(False)
        try:
            while True: orphan.send(b'x' * 65536)
        except BlockingIOError: pass
        orphan.close()
        waiting = socket.create_connection(server.getsockname())
        ready()
        wait()
        """;
    try (Child child = start(program)) {
      child.answer();
      List<String> orphan = who(PORT, "--namespaces=host").out();
      assertTrue(
          orphan
              .getFirst()
              .startsWith("Port 10400/tcp: no process holds it any more: a connection"),
          orphan.getFirst());
      assertTrue(
          orphan.stream()
              .anyMatch(line -> line.contains("fin_wait1") && line.endsWith("holds it any more")),
          orphan.toString());
      assertEquals("nobody", first(json(PORT, "--namespaces=host")).get("holder").getAsString());
      List<String> unaccepted = who("10401", "--namespaces=host").out();
      assertTrue(
          unaccepted.stream().anyMatch(line -> line.endsWith("no process has accepted it yet")),
          unaccepted.toString());
    }
  }

  @Test
  void aNamespaceIsCalledHostOnlyWhereItIs() throws Exception {
    String name = "portpool-own-" + ProcessHandle.current().pid();
    try (Child child = start("kept.append(listen())\nready()\nwait()\n")) {
      child.answer();
      JsonObject report = json(PORT, "--namespaces=host");
      assertTrue(report.get("netns").getAsString().matches("\\d+"), report.toString());
      assertEquals(report.get("netns"), first(report).get("netns"));
      netns.name(name);
      assertEquals(name, first(json(PORT)).get("netns").getAsString());
      assertEquals(name, json(PORT, "--source=oshi").get("netns").getAsString());
      List<String> text = who(PORT).out();
      assertFalse(text.getFirst().contains("namespace"), text.getFirst());
      assertTrue(
          text.stream().anyMatch(line -> line.contains("from which network namespace " + name)),
          text.toString());
      JsonObject fromHost =
          FoundRows.reports(Program.run("who", PORT, "--json", "--namespaces=" + name)).getFirst();
      assertEquals("host", fromHost.get("netns").getAsString());
      assertEquals(name, first(fromHost).get("netns").getAsString());
    }
  }

  @Test
  void theHostIsCalledHostFromInsideOfANamespace() throws Exception {
    try (Child child = Child.start("s = socket.create_server(('', 10400))\nready()\nwait()\n")) {
      child.answer();
      JsonObject socket = first(json(PORT));
      assertEquals("host", socket.get("netns").getAsString());
      assertEquals(List.of(child.pid()), pids(socket));
    }
  }
}
