package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.oracle.Netns;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.OwnerTable;
import io.github.portpool.table.SocketTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NeedsHost
class ControlGroupsTest {
  private static final String TOP = "portpool-test-" + ProcessHandle.current().pid();
  private static final long NO_GROUP = Long.MAX_VALUE;

  private final List<Path> made = new ArrayList<>();
  private int walks; // its CPU time is asked for before and after
  private ControlGroups groups = new ControlGroups(budget());
  private Path root = Path.of("/");
  private Path top = root;

  @BeforeEach
  void makeAGroup() throws IOException {
    Assumptions.assumeTrue(groups.unavailable().isEmpty(), groups.unavailable());
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
      root = Path.of(MountedGroups.of(lines).getFirst());
    }
    Assumptions.assumeTrue(Files.isWritable(root), "a control group cannot be made: run as root");
    top = make(root.resolve(TOP));
  }

  @AfterEach
  void removeGroups() throws IOException {
    groups.close();
    for (Path directory : made.reversed()) {
      Files.deleteIfExists(directory);
    }
  }

  @Test
  void poolPortsAreThoseOfTheGroupsThatMadeTheSockets() throws Exception {
    String program =
        """
        wait()
        server = socket.create_server(('127.0.0.1', port), backlog=100)
        made = [socket.create_connection(('127.0.0.1', port)) for i in range(connections)]
        accepted = [server.accept()[0] for i in range(connections)]
        for i in range(datagrams):
            made.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            made[-1].bind(('127.0.0.1', 0))
        ready()
        wait()
        for i in range(4):
            made[i].close()
            accepted[i].close()
        ready()
        wait()
        """;
    Path web = make(top.resolve("web.service"));
    Path pod = make(top.resolve("batch.slice"));
    try (Netns netns = Netns.create();
        Child one = Child.start(netns, "port, connections, datagrams = 81, 9, 2\n" + program);
        Child two = Child.start(netns, "port, connections, datagrams = 82, 5, 6\n" + program);
        SockDiagSource source = netns.call(SockDiagSource::live)) {
      netns.range(40_000, 40_099);
      move(one, web);
      move(two, pod);
      one.proceed();
      one.answer();
      two.proceed();
      two.answer();
      SocketTable table = new SocketTable(100);
      source.read(table);
      assertEquals(
          Map.of("/" + TOP + "/web.service", 9, "/" + TOP + "/batch.slice", 5),
          ports(table.owners(), Protocol.TCP));
      assertEquals(
          Map.of("/" + TOP + "/web.service", 2, "/" + TOP + "/batch.slice", 6),
          ports(table.owners(), Protocol.UDP));
      assertEquals("web.service", groups.find(id(web)).map(ControlGroup::unit).orElse(""));
      assertEquals(1, walks());

      one.proceed();
      one.answer();
      source.read(table);
      assertEquals(
          Map.of("/" + TOP + "/web.service", 5, "/" + TOP + "/batch.slice", 5, "0", 4),
          ports(table.owners(), Protocol.TCP));
      assertEquals(0, table.owners().untracked());
    }
  }

  @Test
  void aGroupThatIsMadeAgainIsAnother() throws IOException {
    Path directory = make(top.resolve("again"));
    long first = id(directory);
    assertEquals(Optional.of(ControlGroup.of("/" + TOP + "/again")), groups.find(first));
    Files.delete(directory);
    Files.createDirectory(directory);
    assertNotEquals(first, id(directory));
    assertEquals("/" + TOP + "/again", path(id(directory)));
    assertEquals("/" + TOP + "/again", path(first));
    assertEquals(2, walks());
    assertEquals(Optional.empty(), groups.find(NO_GROUP));
    assertEquals(Optional.empty(), groups.find(0));
    assertEquals(3, walks());
    assertEquals("/", path(1));
    assertEquals(3, walks());
  }

  @Test
  void hostileNamesAndDeepTrees() throws IOException {
    Path hostile = make(top.resolve("we\u0001ird \"\\ name"));
    assertEquals("/" + TOP + "/we\\u0001ird \"\\ name", path(id(hostile)));
    Path deep = top;
    for (int depth = 0; depth < 30; depth++) {
      deep = make(deep.resolve("d".repeat(100)));
    }
    assertTrue(path(id(top.resolve("d".repeat(100)))).endsWith("ddd"));
    assertEquals("", path(id(deep)), "no path is followed without end");
  }

  @Test
  void findsEachOfMoreGroupsThanItRemembers() throws IOException {
    for (int i = 0; i < 4150; i++) {
      make(top.resolve("g" + i));
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 4150; i += round == 0 ? 10 : 100) {
        assertEquals("/" + TOP + "/g" + i, path(id(top.resolve("g" + i))));
      }
    }
    assertTrue(walks() < 100, walks() + " walks");
  }

  @Test
  void saysWhyItSeesNone() {
    assertTrue(unavailable(List.of()).contains("not mounted"));
    assertTrue(unavailable(List.of(top.toString())).contains("--cgroupns=host"));
    assertTrue(unavailable(List.of("/nowhere")).contains("--cgroupns=host"));
    assertEquals("", unavailable(List.of(top.toString(), root.toString())));
  }

  private String unavailable(List<String> mounts) {
    try (ControlGroups some = new ControlGroups(mounts, budget())) {
      assertEquals(some.unavailable().isEmpty(), some.find(1).isPresent());
      return some.unavailable();
    }
  }

  private WalkBudget budget() {
    return new WalkBudget(
        1,
        System::nanoTime,
        () -> {
          walks++;
          return 0;
        });
  }

  private int walks() {
    return walks / 2;
  }

  private Path make(Path directory) throws IOException {
    Files.createDirectory(directory);
    made.add(directory);
    return directory;
  }

  private static void move(Child child, Path group) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Integer.toString(child.pid()));
  }

  private static long id(Path directory) throws IOException {
    return (long) Files.getAttribute(directory, "unix:ino");
  }

  private String path(long id) {
    return groups.find(id).map(ControlGroup::path).orElse("");
  }

  /** Pool ports by path, or by id where the group has none. */
  private Map<String, Integer> ports(OwnerTable owners, Protocol protocol) {
    Map<String, Integer> ports = new TreeMap<>();
    for (int row = 0; row < owners.rows(); row++) {
      if (owners.isUsed(row, protocol)) {
        long id = owners.controlGroup(row);
        String path = path(id);
        ports.put(path.isEmpty() ? Long.toString(id) : path, owners.ports(row));
      }
    }
    return ports;
  }
}
