package io.github.portpool.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.advice.ListenerWatch.RandomPorts;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerWatchTest {
  private static final EphemeralPorts RANGE = new EphemeralPorts(30_000, 60_000, new PortSet());
  private final ListenerWatch watch = new ListenerWatch(RANGE);

  /** A pass that sees UDP listeners from one port to another, and one of another group. */
  private void pass(int first, int last) {
    watch.begin(RANGE, TcpSettings.NONE);
    for (int port = first; port <= last; port++) {
      listener(port, 7);
    }
    listener(50_000, 8);
    listener(20_000, 8);
    watch.passed();
  }

  private void listener(int port, long group) {
    SocketEntry socket = SocketEntries.udpServer("0.0.0.0", port);
    socket.inode = port;
    socket.controlGroup = group;
    watch.socket(socket);
  }

  @Test
  void whatStaysLasts() {
    pass(40_000, 40_099);
    assertTrue(watch.isNeeded());
    pass(40_000, 40_099);
    assertFalse(watch.isRestless());
    assertEquals(new PortSet(), watch.passing(Protocol.UDP));
    assertEquals(List.of(), watch.random());
  }

  @Test
  void whatComesAndGoesDoesNot() {
    pass(40_000, 40_099);
    pass(40_100, 40_199);
    assertTrue(watch.isRestless());
    assertEquals(PortSet.range(40_000, 40_199), watch.passing(Protocol.UDP));
    assertEquals(new PortSet(), watch.passing(Protocol.TCP));
    RandomPorts random = watch.random().getFirst();
    assertEquals(100, random.opened());
    assertEquals(100, random.closed());
    assertEquals(0, random.left());
  }

  @Test
  void theLongCallsOfAMediaRelayDoNotLastEither() {
    pass(40_000, 40_499);
    pass(40_005, 40_504);
    assertEquals(PortSet.range(40_000, 40_504), watch.passing(Protocol.UDP));
  }

  @Test
  void theServiceBesideManyQueriesLasts() {
    listenTo(45_000, 40_000, 40_099);
    listenTo(45_000, 40_100, 40_199);
    assertEquals(PortSet.range(40_000, 40_199), watch.passing(Protocol.UDP));
  }

  private void listenTo(int service, int first, int last) {
    watch.begin(RANGE, TcpSettings.NONE);
    listener(service, 7);
    for (int port = first; port <= last; port++) {
      listener(port, 7);
    }
    watch.passed();
  }

  @Test
  void aPassThatTheKernelInterruptedBeginsAnew() {
    pass(40_000, 40_009);
    watch.begin(RANGE, TcpSettings.NONE);
    listener(41_000, 7);
    pass(40_000, 40_009);
    assertFalse(watch.isRestless());
  }
}
