package io.github.portpool.source.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.ControlGroupMount;
import io.github.portpool.NeedsHost;
import io.github.portpool.host.ConnectFailures;
import io.github.portpool.host.ConnectFailures.Culprit;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.Refused;
import io.github.portpool.oracle.TestSocket;
import io.github.portpool.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real kernel, in a namespace with two ports that are both taken: each connect() without a port
 * of its own is refused, and counted; nothing else is.
 */
@NeedsHost
class PerfFailuresTest {
  private static final int CULPRITS = 1000;
  private static final int EADDRNOTAVAIL = 99;
  private static final int ECONNREFUSED = 111;
  private static final int FIRST = 20_000;
  private static final String PYTHON = "refused";

  private Netns netns;
  private long inode;
  private PerfFailures failures;
  private final List<TestSocket> sockets = new ArrayList<>();

  /** What a test lets the kernel refuse. */
  private interface Calls {
    void make() throws Exception;
  }

  @BeforeEach
  void takeAllPorts() throws Exception {
    netns = Netns.create();
    try {
      failures = PerfFailures.open(CULPRITS);
    } catch (SourceException e) {
      Assumptions.abort(e.message());
    }
    netns.range(FIRST, FIRST + 1);
    inode = netns.call(() -> inode("/proc/thread-self/ns/net"));
    takePorts();
  }

  @AfterEach
  void tidyUp() {
    sockets.forEach(TestSocket::close);
    if (failures != null) {
      failures.close();
    }
    if (netns != null) {
      netns.close();
    }
  }

  private static long inode(String link) throws IOException {
    return Long.parseLong(Files.readSymbolicLink(Path.of(link)).toString().replaceAll("\\D", ""));
  }

  private TestSocket socket(boolean ipv6) throws Exception {
    TestSocket socket = netns.call(() -> TestSocket.tcp(ipv6));
    sockets.add(socket);
    return socket;
  }

  private void refuse(boolean ipv6, String address, int port, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (TestSocket socket = socket(ipv6)) {
        assertEquals(EADDRNOTAVAIL, netns.call(() -> socket.connect(address, port)));
      }
    }
  }

  private static String java() throws IOException {
    return Files.readString(Path.of("/proc/self/comm")).strip();
  }

  /** The id of this process's control group, or 0 where cgroup v2 is not mounted. */
  private static long controlGroup() throws IOException {
    Optional<Path> mount = ControlGroupMount.find();
    Matcher path =
        Pattern.compile("(?m)^0::(.*)$").matcher(Files.readString(Path.of("/proc/self/cgroup")));
    return mount.isPresent() && path.find()
        ? (long) Files.getAttribute(Path.of(mount.get() + path.group(1)), "unix:ino")
        : 0;
  }

  /** What was counted while calls were made; done again while others on the host fail too. */
  private ConnectFailures counted(Calls calls) throws Exception {
    for (int attempt = 1; ; attempt++) {
      ConnectFailures before = failures.read().orElseThrow();
      calls.make();
      ConnectFailures after = failures.read().orElseThrow();
      assertEquals(all(after), after.ipv4() + after.ipv6(), "culprits, lost and untracked");
      if (others(before) == others(after)) {
        Map<Culprit, Long> culprits = new HashMap<>(after.culprits());
        culprits.entrySet().removeAll(before.culprits().entrySet());
        return new ConnectFailures(
            after.ipv4() - before.ipv4(),
            after.ipv6() - before.ipv6(),
            after.lost() - before.lost(),
            after.untracked() - before.untracked(),
            culprits);
      }
      Assumptions.assumeTrue(attempt < 5, "other programs of this host are out of ports, too");
      failures.close();
      failures = PerfFailures.open(CULPRITS);
    }
  }

  private static long all(ConnectFailures counts) {
    return counts.lost()
        + counts.untracked()
        + counts.culprits().values().stream().mapToLong(Long::longValue).sum();
  }

  private long others(ConnectFailures counts) {
    return counts.culprits().entrySet().stream()
        .filter(each -> each.getKey().netns() != inode && each.getKey().netns() != 0)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static ConnectFailures only(int ipv4, int ipv6, Map<Culprit, Long> culprits) {
    return new ConnectFailures(ipv4, ipv6, 0, 0, culprits);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 127.0.0.1, 127.0.0.1:80, 3, 0",
    "true, ::1, [::1]:80, 0, 3",
    "true, 127.0.0.1, 127.0.0.1:80, 0, 3", // v4-mapped
  })
  void aRefusedConnectIsCountedWithItsCulprit(
      boolean ipv6, String address, String destination, int asIpv4, int asIpv6) throws Exception {
    assertEquals(
        only(asIpv4, asIpv6, Map.of(new Culprit(inode, java(), controlGroup(), destination), 3L)),
        counted(() -> refuse(ipv6, address, 80, 3)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "mptcp", "io_uring"})
  void itIsCountedOnceHoweverItIsMade(String how) throws Exception {
    assertEquals(
        only(7, 0, Map.of(new Culprit(inode, PYTHON, controlGroup(), "127.0.0.1:80"), 7L)),
        counted(() -> {
          try (Refused process = new Refused(netns, how, "127.0.0.1", "80", "7", PYTHON)) {
            assertEquals(7, process.count());
            failures.read(); // while it is there
          }
        }));
  }

  @Test
  void processesAreToldApart() throws Exception {
    ConnectFailures counts =
        counted(() -> {
          try (Refused one = new Refused(netns, "tcp", "127.0.0.1", "80", "11", "one");
              Refused two = new Refused(netns, "tcp", "::1", "443", "22", "two\n\u001b[2J")) {
            assertEquals(33, one.count() + two.count());
            refuse(false, "127.0.0.9", 80, 1);
            failures.read(); // while they are there
          }
        });
    assertEquals(12, counts.ipv4());
    assertEquals(22, counts.ipv6());
    assertEquals(
        List.of("127.0.0.1:80 one", "127.0.0.9:80 " + java(), "[::1]:443 two\\u000a\\u001b[2J"),
        counts.culprits().keySet().stream()
            .map(culprit -> culprit.destination() + " " + culprit.process())
            .sorted()
            .toList());
  }

  @Test
  void aProcessIsNamedThoughItEndsAtOnce() throws Exception {
    int named = 0;
    // A process that is gone before the thread has had its turn stays without a name.
    for (int i = 0; named < 8 && i < 100; i++) {
      String name = "short" + i;
      ConnectFailures counts =
          counted(() -> {
            try (Refused process = new Refused(netns, "tcp", "127.0.0.1", "80", "1", name)) {
              assertEquals(1, process.count());
            }
          });
      assertEquals(1, counts.culprits().size());
      named += counts.culprits().keySet().iterator().next().process().equals(name) ? 1 : 0;
      Thread.sleep(60);
    }
    assertTrue(named >= 8, named + " of 100");
  }

  @Test
  void whatFailsForAnotherReasonIsNotCounted() throws Exception {
    assertEquals(
        only(0, 0, Map.of()),
        counted(() -> {
          TestSocket server = socket(false).reuseAddress();
          assertEquals(0, netns.call(() -> server.bind("127.0.0.1", 80)));
          assertEquals(0, netns.call(() -> server.listen(10)));
          // The same tuple twice, each named by its program.
          TestSocket client = socket(false).reuseAddress();
          assertEquals(0, netns.call(() -> client.bind("127.0.0.1", 30_000)));
          assertEquals(0, netns.call(() -> client.connect("127.0.0.1", 80)));
          TestSocket twin = socket(false).reuseAddress();
          assertEquals(0, netns.call(() -> twin.bind("127.0.0.1", 30_000)));
          assertEquals(EADDRNOTAVAIL, netns.call(() -> twin.connect("127.0.0.1", 80)));
          // Nobody listens, on a port of its own and on one that the kernel chooses.
          TestSocket bound = socket(false);
          assertEquals(0, netns.call(() -> bound.bind("127.0.0.1", 30_001)));
          assertEquals(ECONNREFUSED, netns.call(() -> bound.connect("127.0.0.1", 81)));
          netns.range(FIRST, FIRST + 9);
          for (boolean ipv6 : new boolean[] {false, true}) {
            TestSocket automatic = socket(ipv6);
            String loopback = ipv6 ? "::1" : "127.0.0.1";
            assertEquals(ECONNREFUSED, netns.call(() -> automatic.connect(loopback, 81)));
          }
          // No way there, no peer that answers in time, and a connection that simply ends.
          TestSocket nowhere = socket(false);
          assertTrue(netns.call(() -> nowhere.connect("192.0.2.1", 80)) > 0);
          TestSocket udp = netns.call(() -> TestSocket.udp(false));
          sockets.add(udp);
          assertEquals(0, netns.call(() -> udp.connect("127.0.0.1", 80)));
          TestSocket fine = socket(false);
          assertEquals(0, netns.call(() -> fine.connect("127.0.0.1", 80)));
          sockets.forEach(TestSocket::close);
          sockets.clear();
          netns.range(FIRST, FIRST + 1);
          takePorts();
        }));
  }

  private void takePorts() throws Exception {
    for (int port = FIRST; port <= FIRST + 1; port++) {
      int taken = port;
      TestSocket socket = socket(false).reuseAddress();
      assertEquals(0, netns.call(() -> socket.bind("127.0.0.1", taken)));
    }
  }

  @Test
  void aStormIsCountedToTheLastCallThoughTheRingOverflows() throws Exception {
    int calls = 100_000;
    ConnectFailures counts =
        counted(() -> {
          int before = switches();
          long start = System.nanoTime();
          try (Refused process =
              new Refused(netns, "tcp", "127.0.0.1", "80", String.valueOf(calls), PYTHON)) {
            assertEquals(calls, process.count());
          }
          double seconds = (System.nanoTime() - start) / 1e9;
          // It waits once for the ring, once for the nap, and now and then for the lock.
          assertTrue(switches() - before < 2 * 25 * (seconds + 1), "wakeups in a storm");
        });
    assertEquals(calls, counts.ipv4());
    assertTrue(counts.lost() > 0, "the ring overflowed");
    assertTrue(counts.culprits().values().iterator().next() > 0);
  }

  @Test
  void theThreadSleepsWhileNothingFails() throws Exception {
    refuse(false, "127.0.0.1", 80, 1);
    // It may still be busy with that failure, so that one quiet while is waited for.
    Await.until(
        "it sleeps",
        () -> {
          int before = switches();
          Thread.sleep(300);
          return switches() == before;
        });
    Assumptions.assumeTrue(all(failures.read().orElseThrow()) == 1, "others are out of ports");
  }

  /** How often the thread that waits for records has gone to sleep. */
  private static int switches() throws Exception {
    // It has its name a moment after it has begun.
    Await.until("there is the thread", () -> voluntarySwitches() >= 0);
    return voluntarySwitches();
  }

  private static int voluntarySwitches() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).startsWith("connect-failure")) {
          Matcher switches =
              Pattern.compile("\nvoluntary_ctxt_switches:\\s*(\\d+)")
                  .matcher(Files.readString(task.resolve("status")));
          assertTrue(switches.find());
          return Integer.parseInt(switches.group(1));
        }
      }
    }
    return -1;
  }

  @Test
  void aCpuMayComeAndGo() throws Exception {
    Assumptions.assumeTrue(
        System.getenv("PORTPOOL_TEST_CPU_HOTPLUG") != null,
        "it switches a CPU off for a second: allow it with PORTPOOL_TEST_CPU_HOTPLUG=1");
    Path cpu1 = Path.of("/sys/devices/system/cpu/cpu1/online");
    Assumptions.assumeTrue(
        Files.isWritable(cpu1) && Files.readString(cpu1).equals("1\n"),
        "there is no second CPU that can be switched off");
    assertEquals(9, counted(() -> refuseOnCpu(1, 9)).ipv4());
    try {
      assertEquals(
          5,
          counted(
                  () -> {
                    refuseOnCpu(1, 5);
                    Files.writeString(cpu1, "0"); // with five failures that nobody has read
                  })
              .ipv4());
      assertEquals(4, counted(() -> refuseOnCpu(0, 4)).ipv4());
    } finally {
      Files.writeString(cpu1, "1");
    }
    failures.read(); // takes up the CPU
    assertEquals(8, counted(() -> refuseOnCpu(1, 8)).ipv4());
    try {
      Files.writeString(cpu1, "0");
      Thread.sleep(150);
    } finally {
      Files.writeString(cpu1, "1");
    }
    failures.read(); // sees that the CPU was away meanwhile
    assertEquals(6, counted(() -> refuseOnCpu(1, 6)).ipv4());
  }

  private void refuseOnCpu(int cpu, int calls) throws Exception {
    try (Refused process =
        new Refused(netns, "tcp", "127.0.0.1", "80", "" + calls, PYTHON, String.valueOf(cpu))) {
      assertEquals(calls, process.count());
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    PerfFailures.open(CULPRITS).close();
    long before = openFiles();
    for (int i = 0; i < 1_000; i++) {
      PerfFailures.open(CULPRITS).close();
    }
    long after = openFiles();
    // Fewer when the collector has closed what an earlier test left.
    assertTrue(after <= before, before + " open files have become " + after);
    assertEquals(
        1,
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("connect-failures"))
            .count(),
        "threads");
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  @Test
  void closingTwiceIsClosingOnce() throws Exception {
    PerfFailures other = PerfFailures.open(CULPRITS);
    other.close();
    other.close();
    refuse(false, "127.0.0.1", 80, 1);
    assertTrue(failures.read().orElseThrow().ipv4() >= 1);
  }
}
