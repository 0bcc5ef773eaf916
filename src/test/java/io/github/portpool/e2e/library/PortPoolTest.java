package io.github.portpool.e2e.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.PortPool;
import io.github.portpool.e2e.SmallHost;
import io.github.portpool.snapshot.EphemeralRange;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import java.io.InterruptedIOException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

@NeedsHost
class PortPoolTest {
  @Test
  void aSampleIsThatOfTheThreadsOwnNamespace() throws Exception {
    try (SmallHost host = SmallHost.create()) {
      Snapshot snapshot = host.call(PortPool::sample);
      assertEquals(new EphemeralRange(20_000, 20_099, 1), snapshot.range());
      PoolUsage tcp = snapshot.pool(Protocol.TCP);
      assertEquals(new Headroom(39, 60), tcp.worst());
      assertEquals("127.0.0.1:80", tcp.top().getFirst().destination());
      assertEquals("127.0.0.1", tcp.top().getFirst().source());
      assertEquals(4, snapshot.poolListeners().size());
      assertTrue(snapshot.unavailable().containsKey(Feature.EXACT_BLOCKED));
    }
  }

  @Test
  void anyThreadMayAsk() throws Exception {
    FutureTask<Snapshot> task = new FutureTask<>(PortPool::sample);
    Thread.ofVirtual().start(task);
    assertTrue(task.get().range().capacity() > 0);
  }

  @Test
  void anInterruptedThreadIsToldSo() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, PortPool::sample);
    assertTrue(Thread.interrupted());
  }
}
