package io.github.portpool.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every source promises, shown with real sockets on loopback. */
public abstract class SocketSourceContract {
  private static final String IPV4 = "127.0.0.1";
  private static final String IPV6 = "::1";

  @TempDir Path directory;

  /** Opens the source, after the sockets that it has to see. */
  protected abstract SocketSource open(Path scratch) throws Exception;

  /** Opens the source in order to look for some ports. */
  protected SocketSource openFor(PortSet ports, Path scratch) throws Exception {
    return open(scratch);
  }

  /** Whether nothing of a socket is hidden from it. */
  protected boolean seesEverything() {
    return false;
  }

  @ParameterizedTest
  @ValueSource(strings = {IPV4, IPV6})
  void seesAListener(String host) throws Exception {
    try (ServerSocket server = listen(host)) {
      List<SocketPass.Socket> seen = read().at(Protocol.TCP, local(server));
      assertEquals(1, seen.size());
      assertEquals(SocketState.LISTEN, seen.getFirst().state());
      assertEquals(server.getLocalPort(), seen.getFirst().localPort());
      assertEquals(Fact.YES, seen.getFirst().bindMade());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IPV4, IPV6})
  void seesAConnectionWithBothEnds(String host) throws Exception {
    try (ServerSocket server = listen(host);
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket _ = server.accept()) {
      SocketPass pass = read();
      List<SocketPass.Socket> seen = pass.at(Protocol.TCP, local(client));
      assertEquals(1, seen.size());
      assertEquals(SocketState.ESTABLISHED, seen.getFirst().state());
      assertEquals(SocketPass.text(local(server)), seen.getFirst().remote());
      assertTrue(
          pass.range().allocates(client.getLocalPort()), "the port was given from the range");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IPV4, IPV6})
  void seesABoundUdpSocket(String host) throws Exception {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address(host), 0))) {
      List<SocketPass.Socket> seen = read().at(Protocol.UDP, local(socket));
      assertEquals(1, seen.size());
      assertEquals(SocketState.UNCONNECTED, seen.getFirst().state());
      assertEquals(Fact.YES, seen.getFirst().bindMade());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IPV4, IPV6})
  void seesAConnectedUdpSocketWithBothEnds(String host) throws Exception {
    try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(address(host), 0));
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(address(host), 0))) {
      client.connect(local(server));
      List<SocketPass.Socket> seen = read().at(Protocol.UDP, local(client));
      assertEquals(1, seen.size());
      assertEquals(SocketState.ESTABLISHED, seen.getFirst().state());
      assertEquals(SocketPass.text(local(server)), seen.getFirst().remote());
    }
  }

  @Test
  void beginsEachReadWithTheRangeAndSeesEverythingAgain() throws Exception {
    try (ServerSocket server = listen(IPV4);
        SocketSource source = open(directory)) {
      SocketPass pass = new SocketPass();
      for (int read = 1; read <= 2; read++) {
        source.read(pass);
        assertEquals(read, pass.begun());
        assertEquals(read, pass.ended());
        assertEquals(1, pass.at(Protocol.TCP, local(server)).size());
        EphemeralPorts range = pass.range();
        assertTrue(range.first() > 0 && range.capacity() > 0, "a range of ports");
      }
    }
  }

  @Test
  void tellsFirstWhichPortsAreClosed() throws Exception {
    try (ServerSocket server = listen(IPV4);
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket _ = server.accept()) {
      Set<String> told = new HashSet<>();
      for (SocketPass.Socket socket : read().sockets()) {
        String port = socket.protocol() + " " + socket.localPort();
        if (socket.bindMade() != Fact.YES) {
          told.add(port);
        } else {
          assertFalse(told.contains(port), () -> "too late: " + socket);
        }
      }
      assertTrue(
          told.contains(Protocol.TCP + " " + client.getLocalPort()),
          "the client's end is known to close nothing");
    }
  }

  @Test
  void givesPortsThatExistAndStatesOfTheProtocol() throws Exception {
    try (ServerSocket _ = listen(IPV4);
        DatagramSocket _ = new DatagramSocket(new InetSocketAddress(address(IPV4), 0))) {
      List<SocketPass.Socket> sockets = read().sockets();
      assertFalse(sockets.isEmpty());
      for (SocketPass.Socket socket : sockets) {
        assertTrue(socket.localPort() > 0 && socket.localPort() < PortSet.PORTS, socket::toString);
        assertTrue(
            socket.remotePort() >= 0 && socket.remotePort() < PortSet.PORTS, socket::toString);
        assertNotNull(socket.state());
        assertTrue(socket.protocol().states().contains(socket.state()), socket::toString);
        assertEquals(
            socket.state().hasDestination(), socket.remotePort() != 0, () -> "peer: " + socket);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IPV4, IPV6})
  void seesEverythingOnAPortAndNothingElse(String host) throws Exception {
    try (ServerSocket server = listen(host);
        ServerSocket _ = listen(host);
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket _ = server.accept();
        DatagramSocket datagrams =
            new DatagramSocket(new InetSocketAddress(address(host), server.getLocalPort()))) {
      SocketPass pass = readPorts(server.getLocalPort());
      assertEquals(
          EnumSet.of(SocketState.LISTEN, SocketState.ESTABLISHED),
          states(pass.at(Protocol.TCP, local(server))));
      assertEquals(2, pass.at(Protocol.TCP, local(server)).size());
      assertEquals(
          EnumSet.of(SocketState.UNCONNECTED), states(pass.at(Protocol.UDP, local(datagrams))));
      assertEquals(3, pass.sockets().size(), () -> pass.sockets().toString());

      SocketPass both = readPorts(server.getLocalPort(), client.getLocalPort());
      assertEquals(1, both.at(Protocol.TCP, local(client)).size());
      assertEquals(4, both.sockets().size(), () -> both.sockets().toString());
      assertEquals(SocketEntries.pool(read().range()), SocketEntries.pool(both.range()));
    }
  }

  @Test
  void seesNothingOnAFreePort() throws Exception {
    int port;
    try (ServerSocket server = listen(IPV4)) {
      port = server.getLocalPort();
    }
    SocketPass pass = readPorts(port);
    assertEquals(1, pass.begun());
    assertEquals(1, pass.ended());
    assertEquals(List.of(), pass.sockets());
  }

  private SocketPass readPorts(int... ports) throws Exception {
    PortSet wanted = new PortSet();
    for (int port : ports) {
      wanted.add(port);
    }
    try (SocketSource source = openFor(wanted, directory)) {
      SocketPass pass = new SocketPass();
      source.readPorts(wanted, pass);
      return pass;
    }
  }

  private static Set<SocketState> states(List<SocketPass.Socket> sockets) {
    Set<SocketState> states = EnumSet.noneOf(SocketState.class);
    sockets.forEach(socket -> states.add(socket.state()));
    return states;
  }

  @Test
  void hasANameAndSaysWhyWhereItIsBlind() throws Exception {
    try (SocketSource source = open(directory)) {
      assertFalse(source.name().isBlank());
      source.read(new SocketPass());
      assertEquals(seesEverything(), source.unavailable().isEmpty(), "what it does not see");
      source
          .unavailable()
          .forEach((feature, sentence) -> assertFalse(sentence.isBlank(), feature::label));
    }
  }

  @Test
  void canBeClosedTwice() throws Exception {
    SocketSource source = open(directory);
    source.read(new SocketPass());
    source.close();
    source.close();
  }

  private SocketPass read() throws Exception {
    try (SocketSource source = open(directory)) {
      SocketPass pass = new SocketPass();
      source.read(pass);
      return pass;
    }
  }

  private static ServerSocket listen(String host) throws IOException {
    return new ServerSocket(0, 0, address(host));
  }

  private static InetAddress address(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    assumeTrue(NetworkInterface.getByInetAddress(address) != null, "no address " + host);
    return address;
  }

  private static InetSocketAddress local(ServerSocket socket) {
    return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
  }

  private static InetSocketAddress local(Socket socket) {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  private static InetSocketAddress local(DatagramSocket socket) {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }
}
