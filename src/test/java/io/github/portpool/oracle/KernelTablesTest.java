package io.github.portpool.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.oracle.Kernel.Server;
import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.SocketPass;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.bpf.BpfSource;
import io.github.portpool.source.bpf.NeedsBpf;
import io.github.portpool.table.SocketTable;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the kernel's own tables show of namespaces: what sock_diag hides, and all of them. */
@NeedsHost
@NeedsBpf
class KernelTablesTest {
  private static final int FIRST = 20_000;
  private static final int PORTS = 100;
  private static final String A = "127.0.0.1";
  private static final String V6 = "::1";

  private interface Work {
    void run() throws Exception;
  }

  private static void in(Netns netns, Work work) throws Exception {
    netns.call(
        (Callable<Boolean>)
            () -> {
              work.run();
              return true;
            });
  }

  private static Netns small() throws Exception {
    Netns netns = Netns.create();
    netns.range(FIRST, FIRST + PORTS - 1);
    return netns;
  }

  @Test
  void whoBindsBeforeConnectingIsSeen() throws Exception {
    try (Netns netns = small()) {
      in(
          netns,
          () -> {
            try (Population population = new Population();
                Server web = new Server(80);
                Server database = new Server(5432);
                Agent agent = Agent.best()) {
              for (int i = 0; i < 10; i++) {
                Kernel.check(population.bindThenConnect(A, 0, A, web));
                Kernel.check(population.bindThenConnect(V6, 0, V6, web));
              }
              agent.sample();
              assertEquals(
                  1, agent.metric("portpool_feature_available", "feature", "exact_blocked"));
              int predicted = agent.connectHeadroom(A, A + ":5432");
              assertTrue(predicted <= PORTS - 10, predicted + " predicted");
              assertEquals(predicted, Kernel.connects(A, database, A));
              assertEquals(agent.bindFree("tcp"), Kernel.binds());
            }
          });
    }
  }

  /** Two connections that came in through it keep its port closed. */
  @Test
  void aBucketThatOutlivedItsListenerIsSeen() throws Exception {
    int port = FIRST + 10;
    try (Netns netns = small()) {
      in(
          netns,
          () -> {
            try (Population population = new Population();
                Server database = new Server(5432);
                Agent agent = Agent.best()) {
              try (Server gone = new Server(port)) {
                Kernel.check(population.connect(A, A, gone));
                Kernel.check(population.connect(A, A, gone));
              }
              Kernel.check(population.bindThenConnect(A, 0, A, database));
              agent.sample();
              assertEquals(
                  1,
                  agent.metric("portpool_blocked_ports", "protocol", "tcp", "reason", "outlived"));
              assertEquals(
                  1,
                  agent.metric("portpool_blocked_ports", "protocol", "tcp", "reason", "connected"));
              SocketTable table = new SocketTable();
              try (SocketSource source = new BpfSource(true).open()) {
                source.read(table);
              }
              assertEquals(
                  PortAvailability.OUTLIVED,
                  PortAvailability.of(table, Protocol.TCP, port, Set.of()));
              int predicted = agent.connectHeadroom(A, A + ":5432");
              assertEquals(predicted, Kernel.connects(A, database, A));
            }
          });
    }
  }

  @Test
  void anotherNamespaceIsReadFromOutside() throws Exception {
    BpfSource tables = new BpfSource(true);
    try (Netns netns = small();
        SocketSource here = tables.open();
        SocketSource there = netns.call(tables::open)) {
      in(
          netns,
          () -> {
            try (Population population = new Population();
                Server web = new Server(80)) {
              for (int i = 0; i < 10; i++) {
                Kernel.check(population.bindThenConnect(A, 0, A, web));
              }
              assertEquals(10, closed(there));
            }
          });
      SocketPass own = new SocketPass();
      here.read(own);
      assertTrue(own.range().capacity() != PORTS, "the range of this namespace");
    }
  }

  /** One whose connections are not in the table that the others share. */
  @Test
  void aNamespaceWithATableOfItsOwnIsReadFromInsideAndOutside() throws Exception {
    try (Netns parent = Netns.create()) {
      parent.sysctl("tcp_child_ehash_entries", "512");
      try (Netns child = parent.call(KernelTablesTest::small)) {
        BpfSource outside = new BpfSource(true);
        outside.open().close();
        try (SocketSource byOthers = child.call(outside::open);
            SocketSource inside = child.call(new BpfSource(true)::open);
            Population population = new Population()) {
          fill(child, population, 10);
          assertEquals(10, child.call(() -> closed(inside)));
          assertEquals(10, closed(byOthers));
        }
      }
    }
  }

  /** And the other way round: where the agent has a table of its own, the others are outside. */
  @Test
  void whoLivesInATableOfItsOwnReadsTheOthers() throws Exception {
    try (Netns parent = Netns.create()) {
      parent.sysctl("tcp_child_ehash_entries", "512");
      try (Netns home = parent.call(KernelTablesTest::small)) {
        BpfSource tables = new BpfSource(true);
        home.call(tables::open).close();
        try (Netns other = small();
            SocketSource there = other.call(tables::open);
            Population population = new Population()) {
          fill(other, population, 10);
          assertEquals(10, home.call(() -> closed(there)));
        }
      }
    }
  }

  /** One walk brings the sockets of all that are open, each its own, and once. */
  @Test
  void aWalkForOneNamespaceBringsTheOthersAlong() throws Exception {
    BpfSource tables = new BpfSource(true);
    try (SocketSource here = tables.open();
        Netns first = small();
        Netns second = small();
        SocketSource ofFirst = first.call(tables::open);
        SocketSource ofSecond = second.call(tables::open);
        Population inFirst = new Population();
        Population inSecond = new Population()) {
      fill(first, inFirst, 10);
      fill(second, inSecond, 20);
      assertTrue(ofFirst.atHand().isEmpty());
      assertEquals(10, closed(ofFirst), "by a walk for itself, which shows its range");
      assertEquals(20, closed(ofSecond));
      here.read(new SocketPass());
      // The other ends have the port of the listener, which is not in the range.
      assertEquals(OptionalInt.of(10), ofFirst.atHand());
      assertEquals(OptionalInt.of(20), ofSecond.atHand());
      assertEquals(10, closed(ofFirst));
      assertEquals(20, closed(ofSecond));
      assertTrue(ofFirst.atHand().isEmpty(), "what was read is no longer true");
      fill(first, inFirst, 5);
      assertEquals(15, closed(ofFirst), "by a walk for itself");
    }
  }

  /** The other namespace has a range that the walk does not expect. */
  @Test
  void aRangeThatTheWalkDidNotCoverIsReadAll() throws Exception {
    BpfSource tables = new BpfSource(true);
    try (SocketSource here = tables.open();
        Netns low = Netns.create()) {
      low.range(2000, 2099);
      try (SocketSource there = low.call(tables::open);
          Population population = new Population()) {
        for (int pass = 1; pass <= 3; pass++) {
          fill(low, population, 10);
          here.read(new SocketPass());
          assertEquals(10 * pass, closed(there));
        }
      }
    }
  }

  /** Connections from ports that were bound first, whose listener has gone again. */
  private static void fill(Netns netns, Population population, int sockets) throws Exception {
    in(
        netns,
        () -> {
          try (Server web = new Server(80)) {
            for (int i = 0; i < sockets; i++) {
              Kernel.check(population.bindThenConnect(A, 0, A, web));
            }
          }
        });
  }

  private static int closed(SocketSource source) throws Exception {
    SocketTable table = new SocketTable();
    source.read(table);
    return table.of(Protocol.TCP).closed().size();
  }

  /** While others come and go, who stays is seen once in each pass. */
  @Test
  void whoStaysIsSeenOnceInEachPass() throws Exception {
    int stable = 2000;
    try (Netns netns = Netns.create()) {
      netns.range(10_000, 60_000);
      in(
          netns,
          () -> {
            AtomicBoolean over = new AtomicBoolean();
            try (Population population = new Population();
                Server web = new Server(80);
                Server churn = new Server(443);
                SocketSource source = new BpfSource(true).open()) {
              for (int i = 0; i < stable; i++) {
                Kernel.check(population.connect(A, A, web));
              }
              Thread others =
                  Thread.ofPlatform()
                      .start(() -> {
                        while (!over.get()) {
                          try (TestSocket socket = TestSocket.tcp(false).resetOnClose()) {
                            socket.connect(A, churn.port());
                            churn.drain();
                          }
                        }
                      });
              try {
                for (int pass = 0; pass < 30; pass++) {
                  SocketPass seen = new SocketPass();
                  source.read(seen);
                  assertEquals(
                      stable,
                      seen.sockets().stream()
                          .filter(each -> each.remote().equals(A + ":80"))
                          .count());
                  assertEquals(
                      stable,
                      seen.sockets().stream()
                          .filter(each -> each.remote().equals(A + ":80"))
                          .map(SocketPass.Socket::localPort)
                          .distinct()
                          .count());
                  assertTrue(source.setback().isEmpty(), "the tables were read");
                }
              } finally {
                over.set(true);
                others.join();
              }
            }
          });
    }
  }
}
