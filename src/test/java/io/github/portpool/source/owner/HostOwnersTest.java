package io.github.portpool.source.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.NeedsHost;
import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.oracle.Netns;
import io.github.portpool.pool.PoolListeners;
import io.github.portpool.snapshot.PoolListener;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.SocketTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

@NeedsHost
class HostOwnersTest {
  @Test
  void namesTheOwnersOfAListenerInTheRange() throws Exception {
    try (Netns netns = Netns.create();
        HostOwners owners = HostOwners.unlimited();
        SockDiagSource source = netns.call(SockDiagSource::live);
        Child child =
            Child.start(
                netns, "named(b'web')\ns = socket.create_server(('', 40050))\nready()\nwait()")) {
      Assumptions.assumeTrue(owners.unavailable().isEmpty(), owners.unavailable().toString());
      netns.range(40_000, 40_099);
      child.answer();
      SocketTable table = new SocketTable(100);
      source.read(table);
      List<PoolListener> listeners = PoolListeners.of(table);
      assertEquals(1, listeners.size());
      PoolListener listener = listeners.getFirst();
      assertEquals(
          Map.of(listener.inode(), new OwningProcess(child.pid(), "web", "root")),
          owners.processes(Map.of(listener.inode(), listener.uid())));
      assertTrue(
          owners
              .controlGroup(listener.controlGroup())
              .map(ControlGroup::path)
              .orElse("")
              .startsWith("/"));
    }
  }
}
