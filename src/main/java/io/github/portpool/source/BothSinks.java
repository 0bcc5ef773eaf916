package io.github.portpool.source;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;

/** Passes each socket on to two sinks. */
public record BothSinks(SocketSink first, SocketSink second) implements SocketSink {
  @Override
  public void begin(EphemeralPorts range, TcpSettings tcp) {
    first.begin(range, tcp);
    second.begin(range, tcp);
  }

  @Override
  public void socket(SocketEntry socket) {
    first.socket(socket);
    second.socket(socket);
  }

  @Override
  public void end() {
    first.end();
    second.end();
  }
}
