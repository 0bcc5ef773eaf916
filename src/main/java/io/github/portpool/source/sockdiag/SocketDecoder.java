package io.github.portpool.source.sockdiag;

import io.github.portpool.linux.MalformedMessageException;
import io.github.portpool.linux.netlink.InetDiag;
import io.github.portpool.linux.netlink.InetDiagAttributes;
import io.github.portpool.linux.netlink.SocketStates;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Turns the kernel's structures into entries for a sink; one entry serves all sockets. */
final class SocketDecoder {
  private static final int MILLIS = 1000;

  private final SocketEntry entry = new SocketEntry();
  private final InetDiagAttributes attributes = new InetDiagAttributes();
  private @Nullable SocketState[] states = SocketStates.of(Protocol.TCP);
  private Protocol protocol = Protocol.TCP;
  private Kind kind = Kind.NAMED;
  private boolean agesInSeconds;
  private long nowMillis;
  private boolean proxyListens;
  private boolean proxyLeavesPortOpen;
  private @Nullable SocketSink sink;

  void begin(SocketSink receiver, TcpSettings tcp) {
    sink = receiver;
    agesInSeconds = tcp.twReuseDelayMillis() == TcpSettings.UNKNOWN;
    proxyListens = false;
    proxyLeavesPortOpen = false;
  }

  /** Whether the pass has shown a TCP listener of a transparent proxy. */
  boolean proxyListens() {
    return proxyListens;
  }

  /** Says which sockets come next, and what the kernel's clock shows. */
  void expect(Protocol next, Kind nextKind, long nanos) {
    nowMillis = TimeUnit.NANOSECONDS.toMillis(nanos);
    protocol = next;
    kind = nextKind;
    states = SocketStates.of(next);
    entry.protocol = next;
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
    socket.ageMillis = age(socket.expiresMillis);
    socket.inode = InetDiag.inode(words, at);
    socket.uid = InetDiag.uid(words, at);
    attributes.read(words, at, bytes);
    socket.controlGroup = attributes.controlGroup();
    boolean named = kind == Kind.NAMED;
    socket.explicitPort = !named ? Fact.NO : hasPeerOrUdp(state) ? Fact.YES : Fact.UNKNOWN;
    socket.intercepted = intercepted(state, named);
    if (!kind.includes(socket.intercepted)) {
      return;
    }
    // A UDP socket has its port alone; of a TCP port that the kernel chose, nobody knows more.
    boolean known = named || socket.intercepted == Fact.YES || protocol == Protocol.UDP;
    socket.bindMade = known ? Fact.YES : Fact.UNKNOWN;
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

  /**
   * What a proxy accepts has its listener's IP_TRANSPARENT, but not its named port. So has what it
   * opens with its client's address, but for IP_BIND_ADDRESS_NO_PORT; without that, bind() made the
   * bucket, and the port is as closed. UDP's proxies name the port that their client asked for.
   */
  private Fact intercepted(SocketState state, boolean named) {
    if (state == SocketState.LISTEN && attributes.transparent()) {
      proxyListens = true;
      proxyLeavesPortOpen |= attributes.bindAddressNoPort();
    }
    if (proxyListens && !named && !attributes.haveOptions()) {
      return Fact.UNKNOWN; // TIME_WAIT, and FIN_WAIT2 without a process
    }
    boolean accepted =
        protocol == Protocol.UDP
            ? named
            : !named && (proxyLeavesPortOpen || !attributes.bindAddressNoPort());
    return accepted && attributes.transparent() && state.hasDestination() ? Fact.YES : Fact.NO;
  }

  /**
   * The age of a TIME_WAIT as the kernel takes it. Before Linux 6.14 it compares the seconds that
   * its clock shows, {@code ktime_get_seconds()} and {@code tw_ts_recent_stamp}: one tick of that
   * clock is a second, however short it was.
   */
  private int age(int expiresMillis) {
    int age =
        Math.clamp(
            SocketEntry.TIME_WAIT_MILLIS - (long) expiresMillis, 0, SocketEntry.TIME_WAIT_MILLIS);
    return agesInSeconds
        ? (int) (Math.floorDiv(nowMillis, MILLIS) - Math.floorDiv(nowMillis - age, MILLIS)) * MILLIS
        : age;
  }

  /** A TCP socket without a peer passes the first filter however it came by its port. */
  private static boolean hasPeerOrUdp(SocketState state) {
    return state.hasDestination() || state == SocketState.UNCONNECTED;
  }
}
