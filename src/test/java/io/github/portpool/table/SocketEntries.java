package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/**
 * Sockets to fill tables with, and what tests read of ranges; each call returns an entry of its own
 * that a test may change.
 */
public final class SocketEntries {
  private SocketEntries() {}

  /** A TCP connection whose port the kernel chose. */
  public static SocketEntry connection(String local, int port, String remote, int remotePort) {
    SocketEntry socket = new SocketEntry();
    socket.protocol = Protocol.TCP;
    socket.state = SocketState.ESTABLISHED;
    socket.explicitPort = Fact.NO;
    socket.bindMade = Fact.UNKNOWN;
    socket.localPort = port;
    socket.remotePort = remotePort;
    ByteBuffer from = address(local);
    socket.localHigh = from.getLong();
    socket.localLow = from.getLong();
    ByteBuffer to = address(remote);
    socket.remoteHigh = to.getLong();
    socket.remoteLow = to.getLong();
    return socket;
  }

  /** A TCP connection of a program that named the port in bind(). */
  public static SocketEntry boundConnection(String local, int port, String remote, int remotePort) {
    SocketEntry socket = connection(local, port, remote, remotePort);
    socket.explicitPort = Fact.YES;
    socket.bindMade = Fact.YES;
    return socket;
  }

  /** A TCP socket without a peer: LISTEN or BOUND. */
  public static SocketEntry withoutPeer(SocketState state, String local, int port) {
    SocketEntry socket = connection(local, port, wildcard(local), 0);
    socket.state = state;
    socket.explicitPort = Fact.UNKNOWN;
    socket.bindMade = Fact.YES;
    return socket;
  }

  /** A UDP socket without a peer whose port its program named. */
  public static SocketEntry udpServer(String local, int port) {
    SocketEntry socket = withoutPeer(SocketState.UNCONNECTED, local, port);
    socket.protocol = Protocol.UDP;
    socket.explicitPort = Fact.YES;
    return socket;
  }

  /** A connected UDP socket whose port the kernel chose. */
  public static SocketEntry udpTo(String local, int port, String remote, int remotePort) {
    SocketEntry socket = connection(local, port, remote, remotePort);
    socket.protocol = Protocol.UDP;
    socket.bindMade = Fact.YES;
    return socket;
  }

  /** The pool of a range: the ports that it allocates. */
  public static PortSet pool(EphemeralPorts range) {
    PortSet pool = new PortSet();
    IntStream.range(0, PortSet.PORTS).filter(range::allocates).forEach(pool::add);
    return pool;
  }

  private static String wildcard(String like) {
    return like.contains(":") ? "::" : "0.0.0.0";
  }

  /** The sixteen bytes of an address, IPv4 in its mapped form. */
  private static ByteBuffer address(String literal) {
    byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
    ByteBuffer sixteen = ByteBuffer.allocate(16);
    if (bytes.length == 4) {
      sixteen.putShort(10, (short) -1).put(12, bytes);
    } else {
      sixteen.put(0, bytes);
    }
    return sixteen;
  }
}
