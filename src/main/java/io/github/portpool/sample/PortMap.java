package io.github.portpool.sample;

import io.github.portpool.snapshot.Labelled;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.EphemeralPorts;
import java.time.Instant;

/**
 * What the last good sample of the agent's own network namespace saw on each of the 65,536 ports.
 *
 * <p>Connections on ports outside of the ephemeral range are not sampled; what listens there is.
 */
public final class PortMap {
  /** What is on a port, by the most important socket. */
  public enum Cell implements Labelled {
    NOTHING,
    LISTENING,
    BOUND,
    CONNECTED,
    CLOSING,
    TIME_WAIT,
    /** Nothing now, but something within the last hour. */
    EARLIER;

    private static final Cell[] ALL = values();

    /** What a socket in a state is. */
    static Cell of(SocketState state) {
      return switch (state) {
        case LISTEN -> LISTENING;
        case BOUND, UNCONNECTED -> BOUND;
        case ESTABLISHED, SYN_SENT, SYN_RECV -> CONNECTED;
        case FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT, LAST_ACK, CLOSING -> CLOSING;
        case TIME_WAIT -> TIME_WAIT;
      };
    }
  }

  private static final int TCP = 0x0f;
  private static final int UDP_SHIFT = 4;

  private final Instant time;
  private final EphemeralPorts range;
  private final byte[] cells;

  PortMap(Instant time, EphemeralPorts range, byte[] cells) {
    this.time = time;
    this.range = range;
    this.cells = cells;
  }

  /** The byte for a port. */
  static byte cells(Cell tcp, Cell udp) {
    return (byte) (tcp.ordinal() | udp.ordinal() << UDP_SHIFT);
  }

  /** When the sample began. */
  public Instant time() {
    return time;
  }

  /** The ephemeral range of that time. */
  public EphemeralPorts range() {
    return range;
  }

  /** What is on a port. */
  public Cell cell(Protocol protocol, int port) {
    int both = cells[port] & 0xff;
    return Cell.ALL[protocol == Protocol.TCP ? both & TCP : both >>> UDP_SHIFT];
  }

  /** A byte for each port: the number of TCP's {@link Cell}, plus 16 times that of UDP's. */
  public byte[] bytes() {
    return cells.clone();
  }
}
