package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.NeedsHost;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.NamespaceReport;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.SampleWatch;
import io.github.portpool.sample.Sampler;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.source.netns.HostNamespaces;
import io.github.portpool.source.netns.HostNamespaces.Selection;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One sampler and many network namespaces: each number is that of its own namespace. */
@NeedsHost
class NamespacesTest {
  private static final String PREFIX = "portpool-" + ProcessHandle.current().pid() + "-";

  /** A sampler of the namespaces with some names, which looks for them in every sample. */
  private record Watch(HostSources sources, Sampler sampler) implements AutoCloseable {
    static Watch of(Opening<? extends SocketSource> sockets, int top, int max, String... names)
        throws Exception {
      WalkBudget always = WalkBudget.of(1e9);
      NamespaceSource namespaces =
          HostNamespaces.open(
              new Selection(Set.of(names), max, false, false), always, sockets::open);
      HostSources sources =
          new HostSources(
              sockets.open(),
              namespaces,
              OwnerSource.none("not here"),
              FailureSource.none("not here"),
              ConntrackSource.none("not here"));
      return new Watch(
          sources,
          new Sampler(
              sources,
              new Sampler.Options(
                  Duration.ofSeconds(5), new CpuBudget(1), new Bounds(10, 10, 100, top)),
              SampleWatch.NOBODY,
              sources.owners()));
    }

    NamespaceReport sample(String name) {
      return find(sampler.sample(), name);
    }

    @Override
    public void close() {
      sampler.close();
      sources.close();
    }
  }

  /** The way to the sockets of a namespace. */
  Opening<? extends SocketSource> sockets() {
    return SockDiagSource::live;
  }

  private Watch watch(int top, int max, String... names) throws Exception {
    return Watch.of(sockets(), top, max, names);
  }

  private static NamespaceReport find(SampleReport report, String name) {
    List<NamespaceReport> found =
        report.others().stream().filter(each -> each.netns().equals(name)).toList();
    assertEquals(1, found.size(), name);
    assertTrue(found.getFirst().success(), found.getFirst().message());
    return found.getFirst();
  }

  private static Netns named(String name, int first, int last) throws Exception {
    Netns netns = Netns.create();
    netns.name(name);
    netns.range(first, last);
    return netns;
  }

  /**
   * Connections to one destination, as many as wanted or possible; the first brings its listener.
   */
  private static List<TestSocket> connect(Netns netns, int most) throws Exception {
    return netns.call(() -> {
      List<TestSocket> sockets = new ArrayList<>();
      TestSocket listener = TestSocket.tcp(false);
      if (listener.bind("127.0.0.1", 80) == 0) {
        listener.listen(4096);
        sockets.add(listener);
      } else {
        listener.close();
      }
      int connected = 0;
      while (connected < most) {
        TestSocket socket = TestSocket.tcp(false).resetOnClose();
        sockets.add(socket);
        if (socket.connect("127.0.0.1", 80) != 0) {
          sockets.removeLast().close();
          break;
        }
        connected++;
      }
      return sockets;
    });
  }

  private static void close(List<TestSocket> sockets) {
    sockets.forEach(TestSocket::close);
  }

  @Test
  void threeRangesFilledToAKnownPointArePredictedExactly() throws Exception {
    int[] filled = {10, 55, 99};
    List<Netns> namespaces = new ArrayList<>();
    List<TestSocket> sockets = new ArrayList<>();
    String[] names = {PREFIX + "a", PREFIX + "b", PREFIX + "c"};
    try {
      for (int i = 0; i < names.length; i++) {
        namespaces.add(named(names[i], 20_000 + 1000 * i, 20_099 + 1000 * i + 100 * i));
        sockets.addAll(connect(namespaces.get(i), filled[i]));
      }
      try (Watch watch = watch(50, 1000, names)) {
        SampleReport report = watch.sampler().sample();
        for (int i = 0; i < names.length; i++) {
          Snapshot snapshot = find(report, names[i]).lastGood();
          assertNotNull(snapshot);
          assertEquals(20_000 + 1000 * i, snapshot.range().first());
          assertEquals(filled[i], snapshot.pool(Protocol.TCP).worst().used());
          int free = snapshot.pool(Protocol.TCP).worst().free();
          assertEquals(100 + 100 * i - filled[i], free);
          List<TestSocket> more = connect(namespaces.get(i), 1000);
          sockets.addAll(more);
          assertEquals(free, more.size(), "the kernel disagrees in " + names[i]);
        }
        assertTrue(report.available(Feature.NAMESPACES));
      }
    } finally {
      close(sockets);
      namespaces.forEach(Netns::close);
    }
  }

  @Test
  void namespacesComeAndGo() throws Exception {
    String name = PREFIX + "later";
    try (Watch watch = watch(50, 1000, name)) {
      SampleReport before = watch.sampler().sample();
      assertEquals(List.of(), before.others());
      assertEquals(
          "there is no network namespace called " + name,
          before.unavailable().get(Feature.NAMESPACES));
      try (Netns netns = named(name, 20_000, 20_099)) {
        netns.sysctl("ip_local_reserved_ports", "20000-20009");
        netns.sysctl("tcp_tw_reuse", "0");
        netns.sysctl("tcp_fin_timeout", "17");
        Snapshot snapshot = watch.sample(name).lastGood();
        assertNotNull(snapshot);
        assertEquals(90, snapshot.range().capacity());
        assertEquals(0, snapshot.tcp().twReuse());
        assertEquals(17, snapshot.tcp().finTimeoutSeconds());
        assertTrue(watch.sampler().report().available(Feature.NAMESPACES));
      }
      assertEquals(List.of(), watch.sampler().sample().others());
    }
  }

  @Test
  void aNameThatComesLaterThanTheNamespaceIsSeen() throws Exception {
    String name = PREFIX + "named";
    try (Netns netns = Netns.create();
        Watch all = watch(50, 1000);
        Watch watch = watch(50, 1000, name)) {
      Process inside = netns.call(() -> new ProcessBuilder("sleep", "600").start());
      try {
        assertEquals(List.of(), watch.sampler().sample().others());
        String inode =
            Files.readSymbolicLink(Path.of("/proc/" + inside.pid() + "/ns/net"))
                .toString()
                .replaceAll("\\D", "");
        assertTrue(all.sample(inode).success());
        netns.name(name);
        assertTrue(watch.sample(name).success());
        assertTrue(all.sample(name).success());
        assertTrue(
            all.sampler().report().others().stream().noneMatch(it -> it.netns().equals(inode)));
      } finally {
        inside.destroy();
      }
    }
  }

  @Test
  void oneThatIsDeletedDuringASampleDoesNoHarm() throws Exception {
    String name = PREFIX + "brief";
    AtomicBoolean seen = new AtomicBoolean();
    AtomicBoolean done = new AtomicBoolean();
    try (Watch watch = watch(50, 1000, name)) {
      CompletableFuture<Void> sampling =
          CompletableFuture.runAsync(() -> {
            while (!done.get()) {
              SampleReport report = watch.sampler().sample();
              assertTrue(report.success(), report.message());
              report.others().forEach(each -> assertTrue(each.success(), each.message()));
              seen.compareAndSet(false, !report.others().isEmpty());
            }
          });
      for (int i = 0; i < 20; i++) {
        try (Netns netns = named(name, 20_000, 20_099)) {
          List<TestSocket> sockets = connect(netns, 20);
          if (i == 0) {
            Await.until("it is seen", () -> seen.get() || sampling.isDone());
          }
          netns.unname();
          close(sockets);
        }
      }
      done.set(true);
      sampling.join();
      assertEquals(List.of(), watch.sampler().sample().others());
      Map<String, Long> errors = watch.sampler().report().errors();
      assertFalse(errors.isEmpty());
      assertEquals(Set.of(0L), Set.copyOf(errors.values()), errors::toString);
    }
  }

  @Test
  void theWorstAreShownAndTheOthersCounted() throws Exception {
    String[] names = {PREFIX + "full", PREFIX + "idle", PREFIX + "none"};
    List<TestSocket> sockets = new ArrayList<>();
    try (Netns full = named(names[0], 20_000, 48_000);
        Netns idle = named(names[1], 20_000, 48_000);
        Netns none = named(names[2], 20_000, 48_000)) {
      sockets.addAll(connect(full, 3000));
      sockets.addAll(connect(idle, 5));
      sockets.addAll(connect(none, 0));
      try (Watch watch = watch(1, 2, names)) {
        SampleReport report = watch.sampler().sample();
        assertEquals(2, report.others().size());
        assertEquals(1, report.search() == null ? 0 : report.search().untracked());
      }
      try (Watch watch = watch(1, 1000, names)) {
        SampleReport report = watch.sampler().sample();
        Snapshot snapshot = find(report, names[0]).lastGood();
        assertNotNull(snapshot);
        assertEquals(3000, snapshot.pool(Protocol.TCP).worst().used());
        assertNull(find(report, names[1]).lastGood());
        assertFalse(find(report, names[1]).attempted());
        assertBound(11, find(report, names[1]).sockets());
        assertBound(1, find(report, names[2]).sockets());
      }
      String[] notFull = {names[2], names[1]};
      try (Watch watch = watch(1, 1000, notFull)) {
        assertNotNull(watch.sample(names[1]).lastGood(), "the fuller of two that are idle");
        assertNull(watch.sample(names[2]).lastGood());
      }
    } finally {
      close(sockets);
    }
  }

  /** The kernel frees a sampler's own socket in the namespace a little later than it is closed. */
  private static void assertBound(int made, long sockets) {
    assertTrue(sockets >= made && sockets < made + 5, sockets + " for " + made);
  }

  @Test
  void oneThatWasFullIsSampledAgainWhenItIsNot() throws Exception {
    String name = PREFIX + "fell";
    try (Netns netns = named(name, 20_000, 20_099);
        Watch watch = watch(50, 1000, name)) {
      List<TestSocket> sockets = connect(netns, 60);
      Snapshot snapshot = watch.sample(name).lastGood();
      assertNotNull(snapshot);
      assertEquals(60, snapshot.pool(Protocol.TCP).worst().used());
      close(sockets);
      Snapshot after = watch.sample(name).lastGood();
      assertNotNull(after);
      assertEquals(0, after.pool(Protocol.TCP).worst().used());
    }
  }
}
