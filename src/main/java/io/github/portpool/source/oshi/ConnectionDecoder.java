package io.github.portpool.source.oshi;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;

/**
 * Turns OSHI's connections into an entry, the same one for all of them.
 *
 * <p>OSHI does not tell how long a TIME_WAIT has still to live: it passes for an old one, which
 * most are.
 */
final class ConnectionDecoder {
  private final SocketEntry entry = new SocketEntry();
  private final EphemeralPorts range;

  ConnectionDecoder(EphemeralPorts range) {
    this.range = range;
    entry.ageMillis = SocketEntry.TIME_WAIT_MILLIS;
  }

  /** The entry, which changes with each call. */
  SocketEntry decode(IPConnection connection) {
    SocketEntry socket = entry;
    socket.protocol = connection.getType().startsWith("tcp") ? Protocol.TCP : Protocol.UDP;
    socket.localPort = connection.getLocalPort();
    socket.remotePort = connection.getForeignPort();
    byte[] local = connection.getLocalAddress();
    socket.localHigh = high(local);
    socket.localLow = low(local);
    byte[] remote = connection.getForeignAddress();
    socket.remoteHigh = high(remote);
    socket.remoteLow = low(remote);
    int pid = connection.getowningProcessId();
    socket.pid = pid > 0 ? pid : SocketEntry.UNKNOWN;
    boolean hasPeer = socket.remotePort != 0;
    if (socket.protocol == Protocol.TCP) {
      socket.state = tcpState(connection.getState(), hasPeer);
      socket.bindMade = socket.state.hasDestination() ? Fact.UNKNOWN : Fact.YES;
      socket.explicitPort = Fact.UNKNOWN;
    } else {
      // The systems call UDP sockets CLOSED or NONE, connected or not.
      socket.state = hasPeer ? SocketState.ESTABLISHED : SocketState.UNCONNECTED;
      socket.bindMade = Fact.YES;
      socket.explicitPort = range.allocates(socket.localPort) ? Fact.UNKNOWN : Fact.YES;
    }
    return socket;
  }

  private static SocketState tcpState(@Nullable TcpState state, boolean hasPeer) {
    return switch (state) {
      case LISTEN -> SocketState.LISTEN;
      case SYN_SENT -> SocketState.SYN_SENT;
      case SYN_RECV -> SocketState.SYN_RECV;
      case ESTABLISHED -> SocketState.ESTABLISHED;
      case FIN_WAIT_1 -> SocketState.FIN_WAIT1;
      case FIN_WAIT_2 -> SocketState.FIN_WAIT2;
      case CLOSE_WAIT -> SocketState.CLOSE_WAIT;
      case CLOSING -> SocketState.CLOSING;
      case LAST_ACK -> SocketState.LAST_ACK;
      case TIME_WAIT -> SocketState.TIME_WAIT;
      // CLOSED, NONE, UNKNOWN: neither says that the port has been given back.
      case null, default -> hasPeer ? SocketState.CLOSING : SocketState.BOUND;
    };
  }

  private static long high(byte[] address) {
    return address.length == 16 ? ByteBuffer.wrap(address).getLong() : 0;
  }

  /** Windows gives no bytes for the peer that a UDP socket does not have. */
  private static long low(byte[] address) {
    return switch (address.length) {
      case 4 -> IpAddress.mapped(ByteBuffer.wrap(address).getInt());
      case 16 -> ByteBuffer.wrap(address).getLong(8);
      default -> 0;
    };
  }
}
