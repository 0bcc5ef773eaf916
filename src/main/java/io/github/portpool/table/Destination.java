package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;

/**
 * A (source, destination, port) group: the sockets that compete for the same local ports, because a
 * local port serves one connection of the group at a time.
 *
 * @param interfaceIndex the interface its sockets are bound to, or 0
 */
public record Destination(
    Protocol protocol,
    long localHigh,
    long localLow,
    int interfaceIndex,
    long remoteHigh,
    long remoteLow,
    int remotePort) {

  /** The group of a socket that has a peer. */
  public static Destination of(SocketEntry socket) {
    return new Destination(
        socket.protocol,
        socket.localHigh,
        socket.localLow,
        socket.interfaceIndex,
        socket.remoteHigh,
        socket.remoteLow,
        socket.remotePort);
  }

  /** Whether a socket that has a peer belongs to the group. */
  boolean has(SocketEntry socket) {
    return socket.remotePort == remotePort
        && socket.remoteLow == remoteLow
        && socket.localLow == localLow
        && socket.remoteHigh == remoteHigh
        && socket.localHigh == localHigh
        && socket.interfaceIndex == interfaceIndex
        && socket.protocol == protocol;
  }

  /** The local address, with the index of the interface for sockets bound to one. */
  public String source() {
    String address = IpAddress.text(localHigh, localLow);
    return interfaceIndex == 0 ? address : address + "%" + interfaceIndex;
  }

  /** Whether it is one of IPv4, or of v4-mapped addresses, which draw on the ports of IPv4. */
  public boolean isIpv4() {
    return IpAddress.isIpv4(remoteHigh, remoteLow);
  }

  /** The group of the sockets that are bound to no interface. */
  Destination withoutInterface() {
    return new Destination(protocol, localHigh, localLow, 0, remoteHigh, remoteLow, remotePort);
  }

  /** The remote address and port. */
  public String destination() {
    return IpAddress.withPort(remoteHigh, remoteLow, remotePort);
  }
}
