package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
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

  // What is remembered of a port lies side by side, which is kind to the processor's caches.
  private static final int LAST = 0;
  private static final int SINCE = 1;
  private static final int OWNER_SEEN = 2;
  private static final int OWNER_AND_STATE = 3;
  private static final int FIELDS = 4;
  private static final int STATE_BITS = 4;
  private static final int NEVER = Integer.MIN_VALUE;
  private static final SocketState[] STATES = SocketState.values();

  private final SocketSink next;
  private final int[] cells = new int[Protocol.values().length * PortSet.PORTS * FIELDS];
  private final OwnerIds owners = new OwnerIds(MOST_OWNERS);
  private EphemeralPorts range = new EphemeralPorts(0, 0, new PortSet());
  private int now;
  private int complete;

  /** An empty history that passes each socket on. */
  public PortHistory(SocketSink next) {
    this.next = next;
    for (int cell = 0; cell < cells.length; cell += FIELDS) {
      cells[cell + LAST] = NEVER;
    }
  }

  /** Says what time it is in the passes that follow; it never goes back. */
  public void time(int tenths) {
    now = tenths;
  }

  /** Ends a pass: what it did not show is gone. */
  @Override
  public void end() {
    next.end();
    complete = now;
    if (owners.isFull()) {
      boolean[] used = new boolean[MOST_OWNERS];
      for (int cell = 0; cell < cells.length; cell += FIELDS) {
        used[cells[cell + OWNER_AND_STATE] >>> STATE_BITS] = true;
      }
      owners.keep(used);
    }
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings settings) {
    range = ephemeralRange;
    next.begin(ephemeralRange, settings);
  }

  /** The ephemeral range of the last pass. */
  public EphemeralPorts range() {
    return range;
  }

  @Override
  public void socket(SocketEntry socket) {
    remember(socket, cell(socket.protocol, socket.localPort));
    next.socket(socket);
  }

  private void remember(SocketEntry socket, int cell) {
    int[] known = cells;
    int state = socket.state.ordinal();
    int owner = known[cell + OWNER_AND_STATE] >>> STATE_BITS;
    int shown = known[cell + OWNER_AND_STATE] & ((1 << STATE_BITS) - 1);
    if (known[cell + LAST] != now) {
      if (known[cell + LAST] < complete) {
        known[cell + SINCE] = now;
      }
      known[cell + LAST] = now;
      shown = state;
    } else if (IMPORTANCE[state] > IMPORTANCE[shown]) {
      shown = state;
    }
    boolean named = socket.inode != 0 || socket.controlGroup != 0;
    // The owner of the most important of several sockets; TIME_WAIT leaves the one it had.
    if (named && (known[cell + OWNER_SEEN] != now || owner == NO_OWNER || shown == state)) {
      owner = owners.id(socket.uid, socket.controlGroup);
      known[cell + OWNER_SEEN] = now;
    }
    known[cell + OWNER_AND_STATE] = owner << STATE_BITS | shown;
  }

  private static int cell(Protocol protocol, int port) {
    return (protocol.ordinal() * PortSet.PORTS + port) * FIELDS;
  }

  /** The state of what was on a port in the last good pass, null where nothing was. */
  public @Nullable SocketState state(Protocol protocol, int port) {
    int cell = cell(protocol, port);
    return cells[cell + LAST] < complete ? null : state(cell);
  }

  private SocketState state(int cell) {
    return STATES[cells[cell + OWNER_AND_STATE] & ((1 << STATE_BITS) - 1)];
  }

  /** Whether anything was on a port at a time or later. */
  public boolean seenSince(Protocol protocol, int port, int tenths) {
    int last = cells[cell(protocol, port) + LAST];
    return last != NEVER && last >= tenths;
  }

  /** What is remembered of a port, null where there never was anything. */
  public @Nullable Sighting sighting(Protocol protocol, int port) {
    int cell = cell(protocol, port);
    if (cells[cell + LAST] == NEVER) {
      return null;
    }
    return new Sighting(
        state(cell),
        cells[cell + SINCE],
        cells[cell + LAST],
        owners.owner(cells[cell + OWNER_AND_STATE] >>> STATE_BITS),
        cells[cell + OWNER_SEEN]);
  }
}
