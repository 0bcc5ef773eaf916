package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.InetDiagAttributes;
import io.github.portpool.linux.netlink.SocketStates;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import org.jspecify.annotations.Nullable;

/** Turns the kernel's structures into entries for a sink; one entry serves all sockets. */
final class SocketDecoder {
  private final SocketEntry entry = new SocketEntry();
  private final InetDiagAttributes attributes = new InetDiagAttributes();
  private @Nullable SocketState[] states = SocketStates.of(Protocol.TCP);
  private boolean explicit;
  private @Nullable SocketSink sink;

  void begin(SocketSink receiver) {
    sink = receiver;
  }

  /** Says which sockets come next. */
  void expect(Protocol protocol, boolean explicitPort) {
    states = SocketStates.of(protocol);
    explicit = explicitPort;
    entry.protocol = protocol;
    // A UDP socket has its port alone; of a TCP port that the kernel chose, nobody knows more.
    entry.bindMade = explicit || protocol == Protocol.UDP ? Fact.YES : Fact.UNKNOWN;
  }

  /** Passes one struct inet_diag_msg on, with {@code bytes} bytes of structure and attributes. */
  void socket(int[] words, int at, int bytes) throws MalformedMessageException {
    SocketEntry socket = entry;
    int number = InetDiag.state(words, at);
    SocketState state = number < states.length ? states[number] : null;
    if (state == null) {
      throw new MalformedMessageException("a socket in state " + number);
    }
    socket.state = state;
    socket.localPort = InetDiag.localPort(words, at);
    socket.remotePort = InetDiag.remotePort(words, at);
    socket.interfaceIndex = InetDiag.interfaceIndex(words, at);
    socket.expiresMillis = state == SocketState.TIME_WAIT ? InetDiag.expiresMillis(words, at) : 0;
    socket.inode = InetDiag.inode(words, at);
    socket.uid = InetDiag.uid(words, at);
    attributes.read(words, at, bytes);
    socket.controlGroup = attributes.controlGroup();
    socket.explicitPort = !explicit ? Fact.NO : hasPeerOrUdp(state) ? Fact.YES : Fact.UNKNOWN;
    switch (InetDiag.family(words, at)) {
      case InetDiag.AF_INET -> {
        socket.localHigh = 0;
        socket.localLow = IpAddress.mapped(InetDiag.localAddress(words, at, 0));
        socket.remoteHigh = 0;
        socket.remoteLow = IpAddress.mapped(InetDiag.remoteAddress(words, at, 0));
        socket.v6only = false;
      }
      case InetDiag.AF_INET6 -> {
        socket.localHigh =
            IpAddress.half(
                InetDiag.localAddress(words, at, 0), InetDiag.localAddress(words, at, 1));
        socket.localLow =
            IpAddress.half(
                InetDiag.localAddress(words, at, 2), InetDiag.localAddress(words, at, 3));
        socket.remoteHigh =
            IpAddress.half(
                InetDiag.remoteAddress(words, at, 0), InetDiag.remoteAddress(words, at, 1));
        socket.remoteLow =
            IpAddress.half(
                InetDiag.remoteAddress(words, at, 2), InetDiag.remoteAddress(words, at, 3));
        socket.v6only = !state.hasDestination() && attributes.v6only();
      }
      default ->
          throw new MalformedMessageException(
              "a socket of address family " + InetDiag.family(words, at));
    }
    if (sink != null) {
      sink.socket(socket);
    }
  }

  /** A TCP socket without a peer passes the first filter however it came by its port. */
  private static boolean hasPeerOrUdp(SocketState state) {
    return state.hasDestination() || state == SocketState.UNCONNECTED;
  }
}
