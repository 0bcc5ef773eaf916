package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.oracle.Netns;
import io.github.portpool.source.WalkBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NeedsHost
class ProcessesTest {
  private static final String LISTENER =
      """
      s = socket.create_server(('127.0.0.1', 0))
      ready(inode(s))
      wait()
      """;

  private Netns netns;
  private int walks; // its CPU time is asked for before and after
  private final Processes processes =
      new Processes(
          new WalkBudget(
              1,
              System::nanoTime,
              () -> {
                walks++;
                return 0;
              }));

  @BeforeEach
  void enter() throws Exception {
    netns = Netns.create();
    Assumptions.assumeTrue(processes.unavailable().isEmpty(), processes.unavailable());
  }

  @AfterEach
  void leave() {
    netns.close();
    processes.close();
  }

  @Test
  void findsAListenerAndForgetsItWhenItIsKilled() throws Exception {
    long inode;
    try (Child child = Child.start(netns, LISTENER)) {
      inode = Long.parseLong(child.answer());
      OwningProcess owner = new OwningProcess(child.pid(), "python3", "root");
      assertEquals(Map.of(inode, owner), processes.find(Map.of(inode, 0)));
      assertEquals(Map.of(inode, owner), processes.find(Map.of(inode, 0)));
      assertEquals(1, walks());
      assertEquals("4000000000", nameOfUser(inode, (int) 4_000_000_000L));
      assertEquals(1, walks());
    }
    assertEquals(Map.of(), processes.find(Map.of(inode, 0)));
    assertEquals(2, walks());
  }

  @Test
  void processesThatDieWhileTheyAreReadDoNoHarm() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread dying =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                try {
                  new ProcessBuilder("true").start().waitFor();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    try (Child child = Child.start(netns, LISTENER)) {
      long inode = Long.parseLong(child.answer());
      for (int round = 0; round < 100; round++) {
        assertEquals(Map.of(), processes.find(Map.of(Long.MAX_VALUE, 0)));
        assertEquals(
            List.of(child.pid()),
            processes.find(Map.of(inode, 0)).values().stream().map(OwningProcess::pid).toList());
      }
      assertEquals(200, walks());
    } finally {
      done.set(true);
      dying.join();
    }
  }

  @Test
  void walksOnlyForWhatIsUnknown() throws Exception {
    try (Child first = Child.start(netns, LISTENER);
        Child second = Child.start(netns, LISTENER)) {
      long one = Long.parseLong(first.answer());
      long two = Long.parseLong(second.answer());
      assertEquals(Map.of(), processes.find(Map.of()));
      assertEquals(Map.of(), processes.find(Map.of(0L, 0)));
      assertEquals(0, walks());
      assertEquals(1, processes.find(Map.of(one, 0)).size());
      assertEquals(2, processes.find(Map.of(one, 0, two, 0)).size());
      assertEquals(2, walks());
      assertEquals(1, processes.find(Map.of(one, 0)).size());
      assertEquals(2, walks());
      assertEquals(2, processes.find(Map.of(one, 0, two, 0)).size());
      assertEquals(3, walks(), "what is not asked for is forgotten");
    }
  }

  @Test
  void theEldestWinsWhileItHoldsTheSocket() throws Exception {
    String program =
        """
        s = socket.create_server(('127.0.0.1', 0))
        hold, release = os.pipe()
        if os.fork() == 0:
            named(b'heir')
            os.close(release)
            os.write(1, b'%d\\n' % inode(s))
            os.read(hold, 1)
            os._exit(0)
        wait()
        s.close()
        ready()
        wait()
        """;
    try (Child child = Child.start(netns, program)) {
      long inode = Long.parseLong(child.answer());
      assertEquals("python3", nameOfOwner(inode));
      child.proceed();
      child.answer();
      assertEquals("heir", nameOfOwner(inode));
      assertEquals(2, walks());
    }
  }

  /** Its table of descriptors is that of the threads that go on. */
  @Test
  void aProcessWhoseFirstThreadHasEndedIsAnOwner() throws Exception {
    String program =
        """
        import threading
        def work():
            s = socket.create_server(('127.0.0.1', 0))
            ready(inode(s))
            wait()
            os._exit(0)
        threading.Thread(target=work).start()
        ctypes.CDLL(None).syscall({'x86_64': 60}.get(os.uname().machine, 93), 0)
        """;
    try (Child child = Child.start(netns, program)) {
      long inode = Long.parseLong(child.answer());
      Path first = Path.of("/proc/" + child.pid() + "/stat");
      Await.until("its first thread ends", () -> Files.readString(first).contains(") Z "));
      OwningProcess owner = new OwningProcess(child.pid(), "python3", "root");
      Await.until("it is seen", () -> processes.find(Map.of(inode, 0)).containsValue(owner));
      int before = walks();
      assertEquals(Map.of(inode, owner), processes.find(Map.of(inode, 0)));
      assertEquals(before, walks(), "what is known costs no walk");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "b'a\\nb\\x1b[2J', a\\u000ab\\u001b[2J",
    "b'\"quo\\'te\\\\', \"quo'te\\",
    "b'\\xff\\xfe\\xc3', \ufffd\ufffd\ufffd",
    "b'\\xc3\\xa4\\xe2\\x82\\xac', \u00e4\u20ac",
    "b'\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01',"
        + " \\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
        + "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001",
    "b'1) S 0 (x', 1) S 0 (x",
    "b'\\n', \\u000a",
  })
  void hostileNamesAreEscaped(String name, String shown) throws Exception {
    try (Child child = Child.start(netns, "named(" + name + ")\n" + LISTENER)) {
      long inode = Long.parseLong(child.answer());
      assertEquals(
          Map.of(inode, new OwningProcess(child.pid(), shown, "root")),
          processes.find(Map.of(inode, 0)));
    }
  }

  @Test
  void findsFewAmongManyDescriptors() throws Exception {
    String program =
        """
        pairs = []
        for i in range(2500):
            pairs.append(socket.socketpair())
        a = socket.create_server(('127.0.0.1', 0))
        for i in range(2500):
            pairs.append(socket.socketpair())
        b = socket.create_server(('127.0.0.1', 0))
        ready('%d %d' % (inode(a), inode(b)))
        wait()
        """;
    try (Child child = Child.start(netns, program)) {
      String[] inodes = child.answer().split(" ", 2);
      OwningProcess owner = new OwningProcess(child.pid(), "python3", "root");
      Map<Long, OwningProcess> expected =
          Map.of(Long.valueOf(inodes[0]), owner, Long.valueOf(inodes[1]), owner);
      Map<Long, Integer> wanted = new HashMap<>();
      expected.keySet().forEach(inode -> wanted.put(inode, 0));
      assertEquals(expected, processes.find(wanted));
      wanted.put(4_294_967_295L, 0);
      assertEquals(expected, processes.find(wanted));
      assertEquals(2, walks());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "b'holder', holder",
    "b'a\\nb\\x1b[2J', a\\u000ab\\u001b[2J",
    "b'<script>alert(1', <script>alert(1)</script>",
    "b'fifteen-letters', fifteen-letters-and-more",
  })
  void findsWhatTheProcessesOfANameHold(String name, String askedFor) throws Exception {
    String program =
        """
        sockets = [socket.create_server(('127.0.0.1', 0)), socket.socketpair()[0]]
        again = os.dup(sockets[0].fileno())
        ready(' '.join(str(inode(s)) for s in sockets))
        wait()
        """;
    try (Child child = Child.start(netns, "named(" + name + ")\n" + program);
        Child other = Child.start(netns, LISTENER)) {
      other.answer();
      Set<Long> inodes = new HashSet<>();
      for (String inode : child.answer().split(" ", 2)) {
        inodes.add(Long.valueOf(inode));
      }
      Map<Long, List<OwningProcess>> held = processes.held(askedFor).bySocket();
      assertEquals(inodes, held.keySet());
      for (List<OwningProcess> holders : held.values()) {
        OwningProcess process = holders.getFirst();
        assertEquals(1, holders.size());
        assertEquals(child.pid(), process.pid());
        assertTrue(askedFor.startsWith(process.name()), process.name());
      }
      assertEquals(Map.of(), processes.held("fifteen-letter").bySocket());
      assertEquals(0, walks(), "what a person asks for has no budget");
    }
    assertEquals(Map.of(), processes.held(askedFor).bySocket());
  }

  @Test
  void knowsAProcessByItsId() throws Exception {
    int pid;
    try (Child child = Child.start(netns, "named(b'here')\n" + LISTENER)) {
      child.answer();
      pid = child.pid();
      assertEquals(Optional.of(new OwningProcess(pid, "here", "")), processes.process(pid));
    }
    assertEquals(Optional.empty(), processes.process(pid));
  }

  private int walks() {
    return walks / 2;
  }

  private String nameOfOwner(long inode) {
    return owner(inode, 0).name();
  }

  private String nameOfUser(long inode, int uid) {
    return owner(inode, uid).user();
  }

  private OwningProcess owner(long inode, int uid) {
    return processes
        .find(Map.of(inode, uid))
        .getOrDefault(inode, new OwningProcess(0, "nobody", "nobody"));
  }
}
