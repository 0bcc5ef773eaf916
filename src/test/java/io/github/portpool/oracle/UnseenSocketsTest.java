package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Survey;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.e2e.Program;
import io.github.portpool.export.text.CheckLine;
import io.github.portpool.export.text.PortFacts;
import io.github.portpool.export.text.TextTable;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.HostSampler;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.replay.RecordingKernel;
import io.github.portpool.source.sockdiag.OlderKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.SocketTable;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All ports of a pool are bound and nothing more, so that connect() gets none: where that is not
 * seen, nobody calls the ports that look free an exact figure.
 */
@NeedsHost
class UnseenSocketsTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;

  private final Population population = new Population();
  private Netns netns;

  @BeforeEach
  void fill() throws Exception {
    netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    netns.call(() -> {
      for (int i = 0; i < PORTS; i++) {
        Kernel.check(population.bind(TestSocket.tcp(false), "127.0.0.9", 0));
      }
      return null;
    });
  }

  @AfterEach
  void leave() {
    population.close();
    netns.close();
  }

  @Test
  void olderKernelsFiguresAreUpperBounds() throws Exception {
    netns.call(() -> {
      try (SocketSource source = new SockDiagSource("test", new OlderKernel());
          Server web = new Server(80)) {
        saysAtMost(source);
        assertEquals(0, Kernel.connects("127.0.0.1", web, "127.0.0.1"));
        return null;
      }
    });
  }

  @Test
  void aRecordingOfAnOlderKernelIsAsBlind(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("recording");
    netns.call(() -> {
      try (OutputStream out = Files.newOutputStream(file);
          SocketSource source =
              new SockDiagSource("test", new RecordingKernel(new OlderKernel(), out))) {
        source.read(new SocketTable(1));
        return null;
      }
    });
    try (SocketSource replayed = RecordedKernel.source(file)) {
      assertEquals(
          "PORTPOOL OK - at most 100 of 100 ports free toward any TCP destination (0.0 % used)"
              + " | tcp_worst_used=0;79;94;0;100 udp_used=0;79;94;0;100 bind_used=0;79;94;0;100",
          check(replayed));
    }
  }

  @Test
  void oshisFiguresAreUpperBounds() throws Exception {
    // It takes no socket at all for a failure.
    netns.call(() -> {
      Kernel.check(population.listen(TestSocket.tcp(false), "127.0.0.1", 80));
      return null;
    });
    List<String> out = netns.call(() -> Program.run("check", "--source=oshi")).out();
    assertTrue(
        out.getFirst().startsWith("PORTPOOL OK - at most 100 of 100 ports free"), out::toString);
    List<String> port = netns.call(() -> Program.run("who", "--source=oshi", "20050")).out();
    assertTrue(
        port.stream().anyMatch(line -> line.contains("may or may not be given it")),
        port::toString);
    assertFalse(
        port.stream().anyMatch(line -> line.contains("may be given it by connect()")),
        port::toString);
  }

  /** What sees them is exact. */
  @Test
  void theRunningKernelsFiguresAreExact() throws Exception {
    netns.call(() -> {
      try (SocketSource source = SockDiagSource.live()) {
        PoolUsage tcp = HostSampler.once(source, new Bounds(1, 0, 0, 0)).pool(Protocol.TCP);
        assertEquals(!source.unavailable().containsKey(Feature.BOUND_INACTIVE), tcp.bindExact());
        assertEquals(tcp.exact(), tcp.worst().free() == 0);
        return null;
      }
    });
  }

  private static void saysAtMost(SocketSource source) throws Exception {
    Snapshot snapshot = HostSampler.once(source, new Bounds(1, 0, 0, 0));
    PoolUsage tcp = snapshot.pool(Protocol.TCP);
    assertEquals(PORTS, tcp.worst().free());
    assertFalse(tcp.exact());
    assertFalse(tcp.bindExact());
    assertTrue(snapshot.pool(Protocol.UDP).exact());
    assertTrue(check(source).contains(" at most 100 of 100 ports free"), check(source));
    String reason = snapshot.unavailable().getOrDefault(Feature.BOUND_INACTIVE, "");
    assertTrue(reason.contains("upper bounds"), reason);
    PortReport report =
        new PortLookup(source, new NoNamespaces("not here", 0), OwnerSource.none("not here"), false)
            .lookUp(FIRST + 50);
    StringBuilder facts = new StringBuilder();
    TextTable table = PortFacts.of(report);
    table.writeTo(facts, "");
    assertTrue(
        facts.toString().contains("tcp clients      may or may not be given it"), facts::toString);
    assertTrue(facts.toString().contains("udp clients      may be given it now"), facts::toString);
  }

  private static String check(SocketSource source) throws Exception {
    Survey survey = new Survey(Thresholds.USUAL);
    List<Place> places = List.of(survey.look(source, "host", false));
    return CheckLine.of(survey.verdict(places, () -> OwnerSource.none("not here")), "").text();
  }
}
