package io.github.portpool.table;

import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;

/**
 * What one pass over all sockets leaves behind, in memory that does not grow with their number.
 *
 * <p>Filled and read by one thread, pass after pass.
 */
public final class SocketTable implements SocketSink {
  /** The number of destinations that are counted exactly; 4 MB at most. */
  private static final int MAX_DESTINATIONS = 65_536;

  private final PortTable tcp = new PortTable(Protocol.TCP);
  private final PortTable udp = new PortTable(Protocol.UDP);
  private final DestinationTable destinations;
  private final Twins twins = new Twins();
  private final NamedClients namedClients = new NamedClients();
  private final OwnerTable owners = new OwnerTable(OwnerTable.MAX_ROWS);
  private final ListenerTable listeners = new ListenerTable(ListenerTable.MAX_ROWS);
  private final PortHolders holders = new PortHolders();
  private EphemeralPorts range = new EphemeralPorts(49_152, PortSet.LAST, new PortSet());
  private TcpSettings settings = TcpSettings.NONE;
  private int sockets;

  /** An empty table for the sockets of a host. */
  public SocketTable() {
    this(MAX_DESTINATIONS);
  }

  /** An empty table that tracks at most so many destinations exactly. */
  public SocketTable(int maxDestinations) {
    destinations = new DestinationTable(maxDestinations);
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcpSettings) {
    range = ephemeralRange;
    settings = tcpSettings;
    sockets = 0;
    tcp.clear();
    udp.clear();
    destinations.begin();
    twins.begin();
    namedClients.begin();
    owners.begin();
    listeners.begin();
    holders.begin(ephemeralRange, tcpSettings);
  }

  @Override
  public void socket(SocketEntry socket) {
    sockets++;
    PortTable ports = of(socket.protocol);
    PortAllocation.judge(socket, destinations);
    ports.add(socket, range);
    if (socket.isListener() && range.contains(socket.localPort)) {
      listeners.add(socket);
    }
    if (!range.allocates(socket.localPort)) {
      return;
    }
    owners.add(socket);
    holders.socket(socket);
    if (socket.protocol == Protocol.UDP && PortAllocation.mayServe(socket)) {
      namedClients.add(socket);
    } else if (PortAllocation.competes(socket, ports)) {
      int taken = PortAllocation.takes(socket, ports, settings);
      destinations.add(socket, taken, settings);
      if (taken > 0) {
        twins.add(socket, destinations);
      }
    }
  }

  @Override
  public void end() {
    namedClients.end(destinations);
  }

  /** The ephemeral range that the pass was made with. */
  public EphemeralPorts range() {
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

  /** How many more {@code connect()} calls to one destination from one source succeed. */
  public Headroom headroom(Destination group) {
    PortTable ports = of(group.protocol());
    return PortAllocation.headroom(
        group.protocol(),
        range.capacity(),
        (group.isIpv4() ? ports.closed() : ports.closedToIpv6()).size(),
        destinations.mostPorts(group));
  }

  /** How fast the connections to one destination are closed; where there are none, not at all. */
  public Flow flow(Destination group) {
    int usable = range.capacity() - of(group.protocol()).closed().size();
    Headroom headroom = headroom(group);
    int row = destinations.row(group);
    return row >= 0
        ? destinations.flow(row, settings, headroom, usable)
        : Closings.flow(0, group, 0, settings, headroom.free(), usable);
  }

  /** The pool ports of each control group, of both protocols. */
  public OwnerTable owners() {
    return owners;
  }

  /** The listeners inside the ephemeral range, of both protocols. */
  public ListenerTable listeners() {
    return listeners;
  }

  /** Who holds the pool's ports, where that is to be counted. */
  public PortHolders holders() {
    return holders;
  }

  /** The number of sockets in the pass. */
  public int sockets() {
    return sockets;
  }
}
