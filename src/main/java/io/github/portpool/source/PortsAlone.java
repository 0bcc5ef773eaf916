package io.github.portpool.source;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;

/** Passes only those sockets on whose local port is one of some. */
public final class PortsAlone implements SocketSink {
  private final PortSet ports;
  private final SocketSink sink;

  /** Sockets on some ports for a sink. */
  public PortsAlone(PortSet ports, SocketSink sink) {
    this.ports = ports;
    this.sink = sink;
  }

  @Override
  public void begin(EphemeralPorts range, TcpSettings tcp) {
    sink.begin(range, tcp);
  }

  @Override
  public void socket(SocketEntry socket) {
    if (ports.contains(socket.localPort)) {
      sink.socket(socket);
    }
  }

  @Override
  public void end() {
    sink.end();
  }
}
