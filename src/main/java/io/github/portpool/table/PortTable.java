package io.github.portpool.table;

import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.SocketState;
import java.util.Arrays;

/** What one pass over the sockets of one protocol leaves behind: bitmaps of ports and counts. */
public final class PortTable {
  private static final int STATES = SocketState.values().length;

  private final int[] sockets = new int[STATES];
  private final int[] listeners = new int[IanaRange.values().length];
  private final PortSet listeningPorts = new PortSet();
  private final PortSet used = new PortSet();
  private final PortSet bindClosed = new PortSet();
  private final PortSet listening = new PortSet();
  private final PortSet bound = new PortSet();
  private final PortSet connected = new PortSet();
  private int reservedListeners;
  private int unreservedListeners;
  private int unknownOwners;

  void clear() {
    Arrays.fill(sockets, 0);
    Arrays.fill(listeners, 0);
    listeningPorts.clear();
    used.clear();
    bindClosed.clear();
    listening.clear();
    bound.clear();
    connected.clear();
    reservedListeners = 0;
    unreservedListeners = 0;
    unknownOwners = 0;
  }

  void add(SocketEntry socket, EphemeralRange range) {
    int port = socket.localPort;
    if (socket.isListener()) {
      addListener(port, range);
    }
    if (!range.allocates(port)) {
      return;
    }
    sockets[socket.state.ordinal()]++;
    used.add(port);
    if (!socket.v6only) {
      bindClosed.add(port);
    }
    switch (socket.bindMade) {
      case YES -> ownersOf(socket.state).add(port);
      case UNKNOWN -> unknownOwners++;
      case NO -> {}
    }
  }

  private void addListener(int port, EphemeralRange range) {
    listeners[IanaRange.of(port).ordinal()]++;
    listeningPorts.add(port);
    if (range.allocates(port)) {
      unreservedListeners++;
    } else if (range.contains(port)) {
      reservedListeners++;
    }
  }

  private PortSet ownersOf(SocketState state) {
    return switch (state) {
      case LISTEN -> listening;
      case BOUND, UNCONNECTED -> bound;
      default -> connected;
    };
  }

  /** The number of sockets in a state whose local port is in the pool. */
  public int sockets(SocketState state) {
    return sockets[state.ordinal()];
  }

  /** The number of listening sockets in a range of RFC 6335. */
  public int listeners(IanaRange range) {
    return listeners[range.ordinal()];
  }

  /** All ports that are listened on, in the pool or not. */
  public PortSet listeningPorts() {
    return listeningPorts;
  }

  /** The number of listening sockets on ports of the live range that are reserved. */
  public int reservedListeners() {
    return reservedListeners;
  }

  /** The number of listening sockets on ports of the pool, which a client may be given first. */
  public int unreservedListeners() {
    return unreservedListeners;
  }

  /** The pool ports with at least one socket. */
  public PortSet used() {
    return used;
  }

  /** The pool ports that {@code bind(0.0.0.0, 0)} cannot get. */
  public PortSet bindClosed() {
    return bindClosed;
  }

  /** The pool ports with a listener. */
  public PortSet listening() {
    return listening;
  }

  /** The pool ports with a socket that is bound and neither listens nor has a peer. */
  public PortSet bound() {
    return bound;
  }

  /** The pool ports with a connected socket that is known to have been bound first. */
  public PortSet connected() {
    return connected;
  }

  /** The number of pool sockets of which the source cannot see whether bind() made their bucket. */
  public int unknownOwners() {
    return unknownOwners;
  }

  /** Whether a port is known to be closed to every {@code connect()}. */
  boolean blocks(int port) {
    return listening.contains(port) || bound.contains(port) || connected.contains(port);
  }
}
