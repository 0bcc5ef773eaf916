package io.github.portpool.lookup;

import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.EphemeralRange;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Sees which ports of one namespace are held and closed while sockets pass on to another sink. */
final class PortUse implements SocketSink {
  private record Ports(PortSet held, PortSet closed) {
    Ports() {
      this(new PortSet(), new PortSet());
    }
  }

  private final SocketSink next;
  private EphemeralRange range = new EphemeralRange(0, 0, new PortSet());
  private Ports tcp = new Ports();
  private Ports udp = new Ports();

  PortUse(SocketSink next) {
    this.next = next;
  }

  @Override
  public void begin(EphemeralRange live, TcpSettings settings) {
    range = live;
    tcp = new Ports();
    udp = new Ports();
    next.begin(live, settings);
  }

  @Override
  public void socket(SocketEntry socket) {
    Ports ports = of(socket.protocol);
    ports.held.add(socket.localPort);
    if (socket.bindMade == Fact.YES) {
      ports.closed.add(socket.localPort);
    }
    next.socket(socket);
  }

  private Ports of(Protocol protocol) {
    return protocol == Protocol.TCP ? tcp : udp;
  }

  /** The live range. */
  EphemeralRange range() {
    return range;
  }

  /** Whether a client may be given a port, for each protocol. */
  Map<Protocol, PortAvailability> availability(int port) {
    Map<Protocol, PortAvailability> availability = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      Ports ports = of(protocol);
      availability.put(
          protocol,
          PortAvailability.of(range, port, ports.held.contains(port), ports.closed.contains(port)));
    }
    return Collections.unmodifiableMap(availability);
  }
}
