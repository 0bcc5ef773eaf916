package io.github.portpool.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was on each port lately: when, in what state, and whose it was. 2 MB, whatever happens.
 *
 * <p>A sink that remembers what it passes on. Times are tenths of a second since the first pass.
 * Filled and read by one thread.
 */
public final class PortHistory implements SocketSink {
  /** The owner of ports whose owner the kernel never named. */
  static final int NO_OWNER = 0;

  private static final int MOST_OWNERS = 4096;

  /** The most important state of several on one port comes first; by the states' ordinals. */
  private static final int[] IMPORTANCE = new int[SocketState.values().length];

  static {
    SocketState[] falling = {
      SocketState.LISTEN,
      SocketState.BOUND,
      SocketState.UNCONNECTED,
      SocketState.ESTABLISHED,
      SocketState.SYN_SENT,
      SocketState.SYN_RECV,
      SocketState.CLOSE_WAIT,
      SocketState.FIN_WAIT1,
      SocketState.FIN_WAIT2,
      SocketState.CLOSING,
      SocketState.LAST_ACK,
      SocketState.TIME_WAIT
    };
    for (int i = 0; i < falling.length; i++) {
      IMPORTANCE[falling[i].ordinal()] = falling.length - i;
    }
  }

  /**
   * What is remembered of a port.
   *
   * @param state the most important state of the last pass that had a socket there
   * @param since the first of the passes in a row that ended with {@code last}
   * @param last the last pass with a socket there
   * @param owner the last owner that the kernel named, null where there was none
   * @param ownerSeen the last pass in which it did
   */
  public record Sighting(
      SocketState state, int since, int last, @Nullable Owner owner, int ownerSeen) {}

  /**
   * Whose a socket is.
   *
   * @param uid the user id
   * @param controlGroup the id of the control group, or 0 where the kernel does not know it
   */
  public record Owner(int uid, long controlGroup) {}

  /** The ports of one protocol. */
  private static final class Ports {
    final byte[] state = new byte[PortSet.PORTS];
    final int[] since = new int[PortSet.PORTS];
    final int[] last = new int[PortSet.PORTS];
    final short[] owner = new short[PortSet.PORTS];
    final int[] ownerSeen = new int[PortSet.PORTS];
  }

  private final SocketSink next;
  private final Ports tcp = new Ports();
  private final Ports udp = new Ports();
  private final OwnerIds owners = new OwnerIds(MOST_OWNERS);
  private int now;
  private int complete;

  /** An empty history that passes each socket on. */
  public PortHistory(SocketSink next) {
    this.next = next;
    Arrays.fill(tcp.last, Integer.MIN_VALUE);
    Arrays.fill(udp.last, Integer.MIN_VALUE);
  }

  /** Says what time it is in the passes that follow; it never goes back. */
  public void time(int tenths) {
    now = tenths;
  }

  /** Says that the pass is over and was good: what it did not show is gone. */
  public void complete() {
    complete = now;
    if (owners.isFull()) {
      boolean[] used = new boolean[MOST_OWNERS];
      for (int port = 0; port < PortSet.PORTS; port++) {
        used[tcp.owner[port]] = true;
        used[udp.owner[port]] = true;
      }
      owners.keep(used);
    }
  }

  @Override
  public void begin(EphemeralRange range, TcpSettings settings) {
    next.begin(range, settings);
  }

  @Override
  public void socket(SocketEntry socket) {
    remember(of(socket.protocol), socket);
    next.socket(socket);
  }

  private void remember(Ports ports, SocketEntry socket) {
    int port = socket.localPort;
    int state = socket.state.ordinal();
    if (ports.last[port] != now) {
      if (ports.last[port] < complete) {
        ports.since[port] = now;
      }
      ports.last[port] = now;
      ports.state[port] = (byte) state;
    } else if (IMPORTANCE[state] > IMPORTANCE[ports.state[port]]) {
      ports.state[port] = (byte) state;
    }
    boolean named = socket.inode != 0 || socket.controlGroup != 0;
    // The owner of the most important of several sockets; TIME_WAIT leaves the one it had.
    if (named && (ports.ownerSeen[port] != now || ports.state[port] == state)) {
      ports.owner[port] = (short) owners.id(socket.uid, socket.controlGroup);
      ports.ownerSeen[port] = now;
    }
  }

  private Ports of(Protocol protocol) {
    return protocol == Protocol.TCP ? tcp : udp;
  }

  /** The state of what was on a port in the last good pass, null where nothing was. */
  public @Nullable SocketState state(Protocol protocol, int port) {
    Ports ports = of(protocol);
    return ports.last[port] < complete ? null : STATES[ports.state[port]];
  }

  /** Whether anything was on a port at a time or later. */
  public boolean seenSince(Protocol protocol, int port, int tenths) {
    return of(protocol).last[port] >= tenths;
  }

  /** What is remembered of a port, null where there never was anything. */
  public @Nullable Sighting sighting(Protocol protocol, int port) {
    Ports ports = of(protocol);
    if (ports.last[port] == Integer.MIN_VALUE) {
      return null;
    }
    return new Sighting(
        STATES[ports.state[port]],
        ports.since[port],
        ports.last[port],
        owners.owner(ports.owner[port]),
        ports.ownerSeen[port]);
  }

  private static final SocketState[] STATES = SocketState.values();
}
