package io.github.portpool.advice;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.BoundedRows;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortAllocation;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;

/**
 * How many connections a second this host closes toward each destination, by the ages of the
 * TIME_WAIT sockets that they leave, and how many each can sustain; in bounded memory.
 *
 * <p>A port comes back when its TIME_WAIT may be taken over or, where it may not, is over. Those
 * that are younger have all still to be there, and their number is the rate.
 */
final class ClosingRates implements SocketSink {
  private static final int MOST_ROWS = 4096;

  /** Younger ones tell the rate where a port is held for a minute: that of now, not an average. */
  private static final int LATELY_MILLIS = 10_000;

  private static final class Row {
    private int live; // they hold a port for as long as they please
    private int lately;
    private int held; // TIME_WAIT whose port nobody may take over yet
    private boolean reusable;
  }

  private final BoundedRows<Destination, Row> rows = new BoundedRows<>(MOST_ROWS, _ -> new Row());
  private EphemeralPorts range = new EphemeralPorts(0, 0, new PortSet());
  private TcpSettings settings = TcpSettings.NONE;

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    range = ephemeralRange;
    settings = tcp;
    rows.clear();
  }

  @Override
  public void socket(SocketEntry socket) {
    if (socket.protocol != Protocol.TCP
        || !socket.state.hasDestination()
        || !range.allocates(socket.localPort)) {
      return;
    }
    Row row = rows.at(Destination.of(socket));
    if (row == null) {
      return;
    }
    if (socket.state != SocketState.TIME_WAIT) {
      row.live++;
      return;
    }
    int age = SocketEntry.TIME_WAIT_MILLIS - socket.expiresMillis;
    row.reusable |= PortAllocation.mayBeReused(socket, settings);
    row.held += PortAllocation.isReusable(socket, settings) ? 0 : 1;
    row.lately += age < LATELY_MILLIS ? 1 : 0;
  }

  /**
   * The flow toward a destination.
   *
   * @param free its headroom now
   * @param usable the ports of the pool that are not closed to every connect()
   */
  Flow of(Destination destination, int free, int usable) {
    Row row = rows.look(destination);
    boolean reuse =
        row.reusable || (row.lately == 0 && PortAllocation.mayReuse(destination, settings));
    double seconds =
        (reuse ? PortAllocation.reuseDelayMillis(settings) : SocketEntry.TIME_WAIT_MILLIS) / 1e3;
    double closed = reuse ? row.held / Math.max(seconds, 0.001) : row.lately * 1e3 / LATELY_MILLIS;
    double sustained = Math.max(0, usable - row.live) / Math.max(seconds, 0.001);
    return new Flow(closed, sustained, closed > sustained ? free / (closed - sustained) : -1);
  }
}
