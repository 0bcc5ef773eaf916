package io.github.portpool.e2e.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.e2e.AgentProcess;
import io.github.portpool.e2e.Needs;
import io.github.portpool.e2e.Program;
import io.github.portpool.e2e.Scrape;
import io.github.portpool.oracle.Netns;
import io.github.portpool.oracle.TestSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole host as root, with the capabilities of a unit, and without any. */
@NeedsHost
class PrivilegesTest {
  private static final int CAPACITY = 100;
  private static final int LISTENERS = 2; // one of the test, and the agent's own on port 0
  private static final int REFUSED = 7;
  private static final int IN_THE_OTHER = 40;
  private static final int PORT_OF_LISTENER = 20_050;
  private static final String OTHER = "portpool-" + ProcessHandle.current().pid() + "-other";

  private static final List<String> CAPABILITIES =
      List.of("sys_admin", "sys_ptrace", "dac_read_search", "perfmon", "net_admin");

  @TempDir static Path readable;

  private static String classPath;

  /** Who runs the agent, and whether it can see everything. */
  enum Role {
    ROOT(true),
    CAPABLE(true),
    NOBODY(false);

    final boolean seesAll;

    Role(boolean seesAll) {
      this.seesAll = seesAll;
    }

    List<String> prefix() {
      if (this == ROOT) {
        return List.of();
      }
      String capabilities =
          Stream.concat(
                  Stream.of("-all"), CAPABILITIES.stream().filter(each -> seesAll).map("+"::concat))
              .collect(Collectors.joining(","));
      return List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "--bounding-set=" + capabilities,
          "--inh-caps=" + capabilities,
          "--ambient-caps=" + capabilities,
          "--no-new-privs");
    }
  }

  @BeforeAll
  static void copyProgram() throws Exception {
    Needs.root();
    Needs.program("/usr/bin/setpriv", "util-linux");
    classPath = ReadableProgram.copyTo(readable);
    List<String> look = new ArrayList<>(Role.NOBODY.prefix());
    look.addAll(List.of("test", "-r", readable.resolve("0").toString()));
    assumeTrue(
        Program.run(new ProcessBuilder(look)).exitCode() == 0,
        "another user cannot read the temporary directory");
  }

  /** Sockets that are reset when they are closed. */
  private static final class Sockets implements AutoCloseable {
    private final List<TestSocket> open = new ArrayList<>();

    TestSocket listen(int port) {
      TestSocket listener = TestSocket.tcp(false).reuseAddress();
      open.add(listener);
      assertEquals(0, listener.bind("127.0.0.1", port));
      assertEquals(0, listener.listen(4096));
      return listener;
    }

    /** The number of connections made before the kernel refused. */
    int connect(int most) {
      for (int i = 0; i < most; i++) {
        TestSocket socket = TestSocket.tcp(false).resetOnClose();
        open.add(socket);
        if (socket.connect("127.0.0.1", 80) != 0) {
          return i;
        }
      }
      return most;
    }

    @Override
    public void close() {
      open.reversed().forEach(TestSocket::close);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUnavailableIsDeclaredAndTheRestIsRight(Role role) throws Exception {
    try (Netns own = Netns.create();
        Netns other = Netns.create();
        Sockets sockets = new Sockets()) {
      own.range(20_000, 20_000 + CAPACITY - 1);
      other.range(30_000, 30_999);
      other.name(OTHER);
      own.call(() -> sockets.listen(80));
      own.call(() -> sockets.listen(PORT_OF_LISTENER));
      other.call(() -> sockets.listen(80));
      assertEquals(IN_THE_OTHER, other.call(() -> sockets.connect(IN_THE_OTHER)));
      ProcessBuilder process =
          Program.process(
              role.prefix(),
              classPath,
              AgentProcess.arguments(
                  "--namespaces=" + OTHER, "--sample.interval=100ms", "--sample.cpu-budget=1"));
      try (AgentProcess agent = own.call(() -> AgentProcess.start(process))) {
        Scrape before = own.call(agent::scrape);
        assertFeatures(role, before, agent);
        double refusedBefore = role.seesAll ? refused(before) : 0;
        assertEquals(CAPACITY - LISTENERS, own.call(() -> sockets.connect(1000)));
        for (int i = 1; i < REFUSED; i++) {
          assertEquals(0, own.call(() -> sockets.connect(1)));
        }
        Scrape after = own.call(agent::scrapeNext);
        assertEquals(
            CAPACITY,
            after.value("portpool_worst_destination_used_ports{netns=\"host\",protocol=\"tcp\"}"));
        assertEquals(
            LISTENERS,
            after.value(
                "portpool_blocked_ports{netns=\"host\",protocol=\"tcp\",reason=\"listening\"}"));
        if (role.seesAll) {
          assertEquals(REFUSED, refused(after) - refusedBefore);
          assertEquals(
              IN_THE_OTHER,
              after.value(
                  "portpool_worst_destination_used_ports{netns=\"%s\",protocol=\"tcp\"}"
                      .formatted(OTHER)));
          List<String> culprits = named(after, "portpool_connect_failures_by_process_total");
          assertEquals(1, culprits.size());
          assertTrue(culprits.getFirst().contains("destination=\"127.0.0.1:80\""));
          assertTrue(culprits.getFirst().contains("netns=\"host\""), culprits.getFirst());
        }
        assertListener(role, after);
        assertEquals(0, agent.stop());
        assertLog(role, agent.log());
      }
    }
  }

  private static double refused(Scrape scrape) {
    return scrape.value("portpool_connect_failures_total{family=\"ipv4\"}");
  }

  private static List<String> named(Scrape scrape, String family) {
    return scrape.series().keySet().stream()
        .filter(series -> series.startsWith(family + "{"))
        .toList();
  }

  private static void assertFeatures(Role role, Scrape scrape, AgentProcess agent) {
    Map<String, Boolean> expected =
        Map.of(
            "connect_failures", role.seesAll,
            "namespaces", role.seesAll,
            "processes", role.seesAll,
            "cgroups", Files.exists(Path.of("/sys/fs/cgroup")),
            "conntrack", Files.exists(Path.of("/proc/sys/net/netfilter/nf_conntrack_count")));
    expected.forEach((feature, available) ->
        assertEquals(
            available ? 1 : 0,
            scrape.value("portpool_feature_available{feature=\"%s\"}".formatted(feature)),
            feature + " as " + role + ": " + agent.log()));
  }

  private static void assertListener(Role role, Scrape scrape) {
    String user = role.seesAll ? System.getProperty("user.name") : "";
    String pid = role.seesAll ? String.valueOf(ProcessHandle.current().pid()) : "";
    List<String> lines =
        named(scrape, "portpool_range_listener_info").stream()
            .filter(line -> line.contains("port=\"" + PORT_OF_LISTENER + "\""))
            .toList();
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("pid=\"" + pid + "\""), lines.getFirst());
    assertTrue(lines.getFirst().contains("user=\"" + user + "\""), lines.getFirst());
  }

  /** Each missing feature is told once, with its cure. */
  private static void assertLog(Role role, List<String> log) {
    for (String cure : List.of("CAP_PERFMON", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE")) {
      assertEquals(
          !role.seesAll, log.stream().anyMatch(line -> line.contains(cure)), cure + " in " + log);
    }
  }
}
