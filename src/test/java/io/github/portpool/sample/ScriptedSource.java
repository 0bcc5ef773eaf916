package io.github.portpool.sample;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.PortsAlone;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntries;
import io.github.portpool.table.SocketSink;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A host in memory whose passes go as a test says. */
final class ScriptedSource implements SocketSource {
  /** One pass, numbered from 1. */
  @FunctionalInterface
  interface Pass {
    void into(SocketSink sink, int number) throws SourceException;
  }

  final AtomicInteger passes = new AtomicInteger();
  volatile Thread reader = Thread.currentThread();
  private final Pass pass;

  ScriptedSource(Pass pass) {
    this.pass = pass;
  }

  /** A good pass with so many connections to one server. */
  static void connections(SocketSink sink, int count) {
    sink.begin(new EphemeralPorts(40_000, 40_999, new PortSet()), TcpSettings.NONE);
    for (int i = 0; i < count; i++) {
      sink.socket(SocketEntries.connection("10.0.0.1", 40_000 + i, "10.0.0.2", 80));
    }
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.of();
  }

  @Override
  public void read(SocketSink sink) throws SourceException {
    reader = Thread.currentThread();
    pass.into(sink, passes.incrementAndGet());
    sink.end();
  }

  @Override
  public void readPorts(PortSet ports, SocketSink sink) throws SourceException {
    read(new PortsAlone(ports, sink));
  }

  @Override
  public void close() {}
}
