package io.github.portpool.source.sockdiag;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a source found in its last pass. */
public final class SeenSockets implements SocketSink {
  /** One socket. */
  public record Seen(
      Protocol protocol,
      SocketState state,
      String local,
      String remote,
      int interfaceIndex,
      int expiresMillis,
      boolean v6only,
      Fact explicitPort,
      Fact bindMade,
      Fact intercepted) {}

  /** The sockets, in their order. */
  public final List<Seen> sockets = new ArrayList<>();

  /** The range and the settings, as text. */
  public String settings = "";

  @Override
  public void begin(EphemeralPorts range, TcpSettings tcp) {
    sockets.clear();
    settings = SocketEntries.pool(range) + " " + range.reserved() + " " + tcp;
  }

  @Override
  public void socket(SocketEntry socket) {
    sockets.add(
        new Seen(
            socket.protocol,
            socket.state,
            IpAddress.withPort(socket.localHigh, socket.localLow, socket.localPort),
            IpAddress.withPort(socket.remoteHigh, socket.remoteLow, socket.remotePort),
            socket.interfaceIndex,
            socket.expiresMillis,
            socket.v6only,
            socket.explicitPort,
            socket.bindMade,
            socket.intercepted));
  }
}
