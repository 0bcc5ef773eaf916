package io.github.portpool.table;

import io.github.portpool.snapshot.BlockReason;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How Linux gives ephemeral ports to clients: the whole rule, and why. Everybody else asks here.
 *
 * <pre>
 * R = ephemeral range minus reserved ports                           {@link EphemeralPorts}
 * B = ports with a socket that closes them to every connect()        {@link #closes}
 * T = ports that the sockets of one (source, destination, port)
 *     group take                                                     {@link #takes}
 * connect() headroom = | R \ (B u T) |                               {@link #headroom}
 * bind(any, 0)       = | R \ ports with a socket |
 * </pre>
 *
 * <p>{@code connect()} without a bound port walks over the range in {@code __inet_hash_connect()}.
 * It passes over each port whose bind bucket {@code bind()} made or joined ({@code fastreuse >= 0
 * || fastreuseport >= 0}), whatever the address, family or options of the sockets on it. A bucket
 * of {@code connect()} alone it shares, unless {@code __inet_check_established()} finds the same
 * addresses and ports: so the sockets of one group have a port each, and groups do not compete. A
 * socket that is bound to an interface has to differ from those bound to none as well, and T is the
 * union of both ({@link DestinationTable}).
 *
 * <p>{@code bind()} to port 0 takes a port by {@code inet_csk_find_open_port()}, which shares none
 * between sockets whose addresses overlap. A TIME_WAIT is in the way like any other. In the way of
 * {@code [::]}, which serves IPv4 too, is every socket; in that of {@code 0.0.0.0}, all but those
 * that serve IPv6 alone. The figure is that of {@code [::]}: the smaller one, what most programs
 * bind, and exact, for the kernel does not show of a connection whether it serves IPv6 alone.
 *
 * <p>UDP takes all its ports by {@code udp_lib_get_port()}, one for each socket whatever its peer:
 * what is in the way of one client of a family is in the way of all, {@code connect()} and {@code
 * bind()} have the same ports left, and the families differ as in {@code bind()}. TCP's {@code
 * connect()} knows no families.
 *
 * <p>What a transparent proxy accepts (TPROXY) has the port that its client asked for, and a bucket
 * like that of its listener: it closes the port, to the end of its TIME_WAIT ({@link #judge}).
 *
 * <p>VRFs are not told from other interfaces. Where tcp_l3mdev_accept is 0, each has ports of its
 * own, and the figures, which count all together, are lower than what there is.
 *
 * <p>A pass shows first what closes a port ({@link SocketSink}). So B is whole when T is counted, a
 * port of both is left out of T, and the union is a sum: no group needs a set of ports.
 */
public final class PortAllocation {
  /** LOOPBACK_IFINDEX, {@code include/net/flow.h}. */
  private static final int LOOPBACK_INTERFACE = 1;

  private PortAllocation() {}

  /**
   * Why a socket closes its port to every {@code connect()}, or null where it is not known to. A
   * port that several close is closed for the first of their reasons, in the order of the enum.
   */
  static @Nullable BlockReason closes(SocketEntry socket) {
    if (socket.bindMade != Fact.YES || (socket.protocol == Protocol.UDP && socket.v6only)) {
      return null;
    }
    return switch (socket.state) {
      case LISTEN -> BlockReason.LISTENING;
      case BOUND, UNCONNECTED -> BlockReason.BOUND;
      default -> BlockReason.CONNECTED;
    };
  }

  /**
   * Decides whether a socket, mostly a TIME_WAIT, came in through a transparent proxy where the
   * kernel does not show it: unless a connection to the same address and port is there, which a
   * proxy's client never is. So a port may be taken for closed that is not, where a proxy has
   * opened short connections; and because these sockets come last, a port that a connection of
   * another group holds counts twice.
   */
  static void judge(SocketEntry socket, DestinationTable groups) {
    if (socket.intercepted == Fact.UNKNOWN && !groups.has(socket)) {
      socket.intercepted = Fact.YES;
      socket.bindMade = Fact.YES;
    }
  }

  /**
   * Whether a connection has a port that {@code bind()} closed, be it for a listener that has gone;
   * unknown where the source does not see it.
   */
  public static Fact isClosedByBind(SocketEntry connection) {
    return connection.bindMade;
  }

  /**
   * Whether a UDP socket may share its port with sockets for single clients, or be one of those:
   * all that the kernel did not give a port to connect with.
   */
  static boolean mayServe(SocketEntry socket) {
    return socket.explicitPort != Fact.NO || !socket.state.hasDestination();
  }

  /**
   * Whether a socket is of a group that competes for local ports. What came in through a listener
   * competes with nobody: it has the listener's port, or its client has chosen it.
   *
   * @param ports the ports of its protocol, listeners included
   */
  public static boolean competes(SocketEntry socket, PortTable ports) {
    return socket.state.hasDestination()
        && socket.state != SocketState.SYN_RECV
        && socket.intercepted != Fact.YES
        && !ports.closed(BlockReason.LISTENING).contains(socket.localPort);
  }

  /**
   * How many ports a socket takes from its group: none where its port is closed to all groups
   * already, or where the next socket may take it over. UDP's are all closed; they count only to
   * tell which group is the largest.
   */
  static int takes(SocketEntry socket, PortTable ports, TcpSettings settings) {
    boolean none =
        socket.protocol == Protocol.TCP
            && (ports.closed().contains(socket.localPort) || isReusable(socket, settings));
    return none ? 0 : 1;
  }

  /**
   * Whether a socket is a TIME_WAIT whose port {@code connect()} may take over toward the same
   * destination: {@code tcp_twsk_unique()}, {@code net/ipv4/tcp_ipv4.c}.
   */
  public static boolean isReusable(SocketEntry socket, TcpSettings settings) {
    return mayBeReused(socket, settings) && hasRested(socket, settings);
  }

  /** Whether a TIME_WAIT is old enough for that. */
  static boolean hasRested(SocketEntry socket, TcpSettings settings) {
    return socket.ageMillis > Math.max(0, settings.twReuseDelayMillis());
  }

  /** Whether it is one that will be, or is, once it is old enough. */
  public static boolean mayBeReused(SocketEntry socket, TcpSettings settings) {
    boolean timestamps =
        socket.timestamps == Fact.UNKNOWN
            ? settings.timestamps() > 0
            : socket.timestamps == Fact.YES;
    return socket.state == SocketState.TIME_WAIT
        && timestamps
        && (settings.twReuse() == 1
            || (settings.twReuse() == 2
                && (socket.interfaceIndex == LOOPBACK_INTERFACE
                    || IpAddress.isLoopback(socket.localHigh, socket.localLow)
                    || IpAddress.isLoopback(socket.remoteHigh, socket.remoteLow))));
  }

  /**
   * How long a TIME_WAIT that may be taken over keeps its port, at most, in milliseconds: before
   * Linux 6.14 until the next second of the kernel's clock.
   */
  public static int reuseDelayMillis(TcpSettings settings) {
    return settings.twReuseDelayMillis() == TcpSettings.UNKNOWN
        ? (int) TimeUnit.SECONDS.toMillis(1)
        : settings.twReuseDelayMillis();
  }

  /** Whether the next TIME_WAIT of a group will be one, where its peer has timestamps. */
  public static boolean mayReuse(Destination group, TcpSettings settings) {
    return settings.timestamps() > 0
        && (settings.twReuse() == 1
            || (settings.twReuse() == 2
                && (group.interfaceIndex() == LOOPBACK_INTERFACE
                    || IpAddress.isLoopback(group.localHigh(), group.localLow())
                    || IpAddress.isLoopback(group.remoteHigh(), group.remoteLow()))));
  }

  /**
   * The headroom of a group.
   *
   * @param capacity the number of ports in R
   * @param closed the number of ports in B
   * @param taken what the sockets of the group take
   */
  public static Headroom headroom(Protocol protocol, int capacity, int closed, int taken) {
    int own = protocol == Protocol.UDP ? 0 : taken;
    int used = Math.min(capacity, closed + own); // of a row that came late to a full table, more
    return new Headroom(used, capacity - used);
  }
}
