package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;

/**
 * What one pass over all sockets leaves behind, in memory that does not grow with their number.
 *
 * <p>Filled and read by one thread, pass after pass.
 */
public final class SocketTable implements SocketSink {
  private final PortTable tcp = new PortTable();
  private final PortTable udp = new PortTable();
  private final DestinationTable destinations;
  private final OwnerTable owners = new OwnerTable(OwnerTable.MAX_ROWS);
  private final ListenerTable listeners = new ListenerTable(ListenerTable.MAX_ROWS);
  private EphemeralRange range = new EphemeralRange(49_152, 65_535, new PortSet());
  private TcpSettings settings = TcpSettings.NONE;
  private int sockets;

  /** An empty table that tracks at most so many destinations exactly. */
  public SocketTable(int maxDestinations) {
    destinations = new DestinationTable(maxDestinations);
  }

  @Override
  public void begin(EphemeralRange liveRange, TcpSettings tcpSettings) {
    range = liveRange;
    settings = tcpSettings;
    sockets = 0;
    tcp.clear();
    udp.clear();
    destinations.begin();
    owners.begin();
    listeners.begin();
  }

  @Override
  public void socket(SocketEntry socket) {
    sockets++;
    PortTable ports = of(socket.protocol);
    ports.add(socket, range);
    if (socket.isListener() && range.contains(socket.localPort)) {
      listeners.add(socket);
    }
    if (!range.allocates(socket.localPort)) {
      return;
    }
    owners.add(socket);
    // A connection that came in through a listener competes with nobody for its port.
    if (socket.state.hasDestination() && !ports.listening().contains(socket.localPort)) {
      boolean free =
          socket.protocol == Protocol.TCP
              && (ports.blocks(socket.localPort) || socket.isReusable(settings));
      destinations.add(socket, free ? 0 : 1);
    }
  }

  /** The live range that the pass was made with. */
  public EphemeralRange range() {
    return range;
  }

  /** The settings that the pass was made with. */
  public TcpSettings settings() {
    return settings;
  }

  /** The ports of one protocol. */
  public PortTable of(Protocol protocol) {
    return protocol == Protocol.TCP ? tcp : udp;
  }

  /** The (source, destination, port) groups of both protocols. */
  public DestinationTable destinations() {
    return destinations;
  }

  /** The pool ports of each control group, of both protocols. */
  public OwnerTable owners() {
    return owners;
  }

  /** The listeners inside the live range, of both protocols. */
  public ListenerTable listeners() {
    return listeners;
  }

  /** The number of sockets in the pass. */
  public int sockets() {
    return sockets;
  }
}
