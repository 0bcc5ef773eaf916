package io.github.portpool.source;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink that keeps all it is given, so that a test can look at it. */
public final class SocketPass implements SocketSink {
  /** What the sink was told of one socket. */
  public record Socket(
      Protocol protocol,
      SocketState state,
      String local,
      int localPort,
      String remote,
      int remotePort,
      Fact bindMade,
      Fact explicitPort) {}

  private final List<Socket> sockets = new ArrayList<>();
  private @Nullable EphemeralPorts range;
  private int begun;
  private int ended;

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    begun++;
    range = ephemeralRange;
    sockets.clear();
  }

  @Override
  public void socket(SocketEntry entry) {
    if (begun == 0) {
      throw new AssertionError("a socket came before begin()");
    }
    sockets.add(
        new Socket(
            entry.protocol,
            entry.state,
            IpAddress.withPort(entry.localHigh, entry.localLow, entry.localPort),
            entry.localPort,
            IpAddress.withPort(entry.remoteHigh, entry.remoteLow, entry.remotePort),
            entry.remotePort,
            entry.bindMade,
            entry.explicitPort));
  }

  @Override
  public void end() {
    ended++;
  }

  /** How often {@link #end} was called. */
  public int ended() {
    return ended;
  }

  /** How often {@link #begin} was called. */
  public int begun() {
    return begun;
  }

  /** The ephemeral range of the last pass. */
  public EphemeralPorts range() {
    if (range == null) {
      throw new AssertionError("begin() was not called");
    }
    return range;
  }

  /** The sockets of the last pass, in their order. */
  public List<Socket> sockets() {
    return List.copyOf(sockets);
  }

  /** The sockets of a protocol with a local address and port. */
  public List<Socket> at(Protocol protocol, InetSocketAddress local) {
    String text = text(local);
    return sockets.stream()
        .filter(socket -> socket.protocol == protocol && socket.local.equals(text))
        .toList();
  }

  /** An address in the form of {@link IpAddress}. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return host.contains(":")
        ? "[" + host.replaceFirst("^0:0:0:0:0:0:0:", "::") + "]:" + address.getPort()
        : host + ":" + address.getPort();
  }
}
