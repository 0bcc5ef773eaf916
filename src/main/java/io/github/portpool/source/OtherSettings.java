package io.github.portpool.source;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.function.UnaryOperator;

/** Passes sockets on as if the host had other settings than it has. */
public record OtherSettings(
    UnaryOperator<EphemeralPorts> range, UnaryOperator<TcpSettings> tcp, SocketSink next)
    implements SocketSink {
  @Override
  public void begin(EphemeralPorts hostsRange, TcpSettings hostsTcp) {
    next.begin(range.apply(hostsRange), tcp.apply(hostsTcp));
  }

  @Override
  public void socket(SocketEntry socket) {
    next.socket(socket);
  }

  @Override
  public void end() {
    next.end();
  }
}
