package io.github.portpool.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.PortHistory.Owner;
import io.github.portpool.table.PortHistory.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PortHistoryTest {
  private static final int PORT = 40_000;

  private final List<SocketEntry> passedOn = new ArrayList<>();
  private final PortHistory history =
      new PortHistory(
          new SocketSink() {
            @Override
            public void begin(EphemeralPorts range, TcpSettings tcp) {
              passedOn.clear();
            }

            @Override
            public void socket(SocketEntry socket) {
              passedOn.add(socket);
            }
          });

  private void pass(int time, SocketEntry... sockets) {
    begin(time, sockets);
    history.end();
  }

  private void begin(int time, SocketEntry... sockets) {
    history.time(time);
    history.begin(new EphemeralPorts(32_768, 60_999, new PortSet()), TcpSettings.NONE);
    for (SocketEntry socket : sockets) {
      history.socket(socket);
    }
  }

  private static SocketEntry connection(SocketState state, int uid, long controlGroup) {
    SocketEntry socket = SocketEntries.connection("10.0.0.1", PORT, "10.0.0.2", 80);
    socket.state = state;
    socket.uid = uid;
    socket.controlGroup = controlGroup;
    return socket;
  }

  private Sighting sighting() {
    return sighting(PORT);
  }

  private Sighting sighting(int port) {
    return Objects.requireNonNull(history.sighting(Protocol.TCP, port));
  }

  @Test
  void knowsNothingOfWhatItNeverSaw() {
    pass(0);
    assertNull(history.sighting(Protocol.TCP, PORT));
    assertNull(history.state(Protocol.TCP, PORT));
    assertFalse(history.seenSince(Protocol.TCP, PORT, -36_000));
  }

  @Test
  void passesEverythingOn() {
    SocketEntry socket = connection(SocketState.ESTABLISHED, 1, 2);
    pass(0, socket);
    assertEquals(List.of(socket), passedOn);
  }

  @Test
  void remembersTheOwnerOfATimeWait() {
    pass(0, connection(SocketState.ESTABLISHED, 33, 7));
    pass(50, connection(SocketState.TIME_WAIT, 0, 0));
    assertEquals(new Sighting(SocketState.TIME_WAIT, 0, 50, new Owner(33, 7), 0), sighting());
    assertEquals(SocketState.TIME_WAIT, history.state(Protocol.TCP, PORT));
  }

  @Test
  void remembersWhatIsGone() {
    pass(0, connection(SocketState.ESTABLISHED, 33, 7));
    pass(50, connection(SocketState.ESTABLISHED, 33, 7));
    pass(100);
    assertEquals(new Sighting(SocketState.ESTABLISHED, 0, 50, new Owner(33, 7), 50), sighting());
    assertNull(history.state(Protocol.TCP, PORT));
    assertTrue(history.seenSince(Protocol.TCP, PORT, 50));
    assertFalse(history.seenSince(Protocol.TCP, PORT, 51));
    assertNull(history.sighting(Protocol.UDP, PORT));
  }

  @Test
  void beginsAnewAfterAPassWithoutIt() {
    pass(0, connection(SocketState.ESTABLISHED, 33, 7));
    pass(50);
    pass(100, connection(SocketState.SYN_SENT, 34, 7));
    assertEquals(new Sighting(SocketState.SYN_SENT, 100, 100, new Owner(34, 7), 100), sighting());
  }

  @Test
  void aPassThatFailedEndsNothing() {
    pass(0, connection(SocketState.ESTABLISHED, 33, 7));
    begin(50);
    assertEquals(SocketState.ESTABLISHED, history.state(Protocol.TCP, PORT));
    pass(100, connection(SocketState.ESTABLISHED, 33, 7));
    assertEquals(0, sighting().since());
  }

  @Test
  void theMostImportantSocketOfAPortCounts() {
    SocketEntry listener = connection(SocketState.LISTEN, 1, 5);
    pass(
        0,
        connection(SocketState.TIME_WAIT, 0, 0),
        connection(SocketState.ESTABLISHED, 2, 6),
        listener,
        connection(SocketState.ESTABLISHED, 3, 6));
    assertEquals(new Sighting(SocketState.LISTEN, 0, 0, new Owner(1, 5), 0), sighting());
  }

  @Test
  void ownersThatAreForgottenMakeRoom() {
    // 10,000 owners, of which 2,000 still matter.
    for (int pass = 0; pass < 10_000; pass++) {
      SocketEntry socket = connection(SocketState.ESTABLISHED, pass, 1000L + pass);
      socket.localPort = pass % 2000;
      pass(pass, socket);
    }
    for (int port = 0; port < 2000; port++) {
      Sighting last = sighting(port);
      assertEquals(new Owner(8000 + port, 9000L + port), last.owner());
    }
  }

  @Test
  void moreOwnersThanFitAreUnknownNotWrong() {
    SocketEntry[] sockets = new SocketEntry[6000];
    for (int port = 0; port < sockets.length; port++) {
      sockets[port] = connection(SocketState.ESTABLISHED, port, 77);
      sockets[port].localPort = port;
    }
    pass(0, sockets);
    pass(1, sockets);
    int known = 0;
    for (int port = 0; port < sockets.length; port++) {
      Owner owner = sighting(port).owner();
      if (owner != null) {
        assertEquals(new Owner(port, 77), owner);
        known++;
      }
    }
    assertEquals(4095, known);
  }
}
