package io.github.portpool.advice;

import io.github.portpool.advice.SocketHolder.Some;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.BoundedRows;
import io.github.portpool.table.Destination;
import io.github.portpool.table.DestinationTable;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.Fact;
import io.github.portpool.table.PortAllocation;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSample;
import io.github.portpool.table.SocketSink;
import io.github.portpool.table.SocketTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what outgoing TCP connections on pool ports tell about the programs that made them, in
 * bounded memory.
 *
 * <p>Where the bind bucket of a port is seen, a connection that did not name its port and has one
 * that {@code bind()} made was bound to port 0, and has its address and port alone. Those that
 * share them came in through a listener that has gone.
 *
 * <p>Elsewhere how a port was chosen shows in its parity: {@code __inet_hash_connect()} takes a
 * port at an even distance from the first of the range as long as there is one, {@code
 * inet_csk_find_open_port()}, for {@code bind()} to port 0, one at an odd distance. So toward a
 * destination that never was past one half, an odd distance is {@code bind()}'s. A program that
 * sets IP_LOCAL_PORT_RANGE gets both from connect(), and connections from before a change of the
 * range may have either.
 */
final class SocketHolders implements SocketSink {
  /** More control groups and users are counted as untracked sockets. */
  static final int MAX_ROWS = 1000;

  private static final int MAX_DESTINATIONS = 4096;

  /**
   * The TIME_WAIT sockets toward one destination.
   *
   * @param sockets how many
   * @param ports the ports that they hold: those of the sockets that connect() may not reuse
   */
  record TimeWaitPorts(Destination destination, int sockets, int ports) {}

  private record Key(long controlGroup, int uid) {}

  private static final class Row {
    private final SocketSample closeWait = new SocketSample();
    private final SocketSample named = new SocketSample();
    private final SocketSample bindFirst = new SocketSample();
    private final SocketSample outlived = new SocketSample();
    private int connectFirst;
    private int connections;
  }

  /** The only connection so far that has a port which bind() closed, and that it did not name. */
  private record Alone(Row row, long inode) {}

  /** What two programs cannot be given by bind() to port 0. */
  private record Place(long high, long low, int interfaceIndex, int port) {}

  private final SocketTable earlier;
  private final Map<Place, Optional<Alone>> closedByBind = new HashMap<>();
  private final BoundedRows<Key, Row> rows = new BoundedRows<>(MAX_ROWS, _ -> new Row());
  private final DestinationTable timeWait = new DestinationTable(MAX_DESTINATIONS);
  private final PortSet chosenByBind = new PortSet();
  private EphemeralPorts range;
  private TcpSettings settings = TcpSettings.NONE;
  private int untracked;

  /**
   * Counters.
   *
   * @param earlier an earlier pass, which knows what listens, and how full each destination is
   */
  SocketHolders(SocketTable earlier) {
    this.earlier = earlier;
    this.range = earlier.range();
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    range = ephemeralRange;
    settings = tcp;
    rows.clear();
    timeWait.begin();
    chosenByBind.clear();
    closedByBind.clear();
    untracked = 0;
  }

  @Override
  public void socket(SocketEntry socket) {
    if (socket.protocol != Protocol.TCP || !range.allocates(socket.localPort)) {
      return;
    }
    if (!PortAllocation.competes(socket, earlier.of(Protocol.TCP))) {
      return; // what came in through a listener did not choose its port
    }
    if (socket.state == SocketState.TIME_WAIT) {
      timeWait.add(socket, PortAllocation.isReusable(socket, settings) ? 0 : 1);
    } else if (socket.inode != 0) {
      connection(socket);
    }
  }

  private void connection(SocketEntry socket) {
    Row row = rows.at(new Key(socket.controlGroup, socket.uid));
    if (row == null) {
      untracked++;
      return;
    }
    row.connections++;
    if (socket.state == SocketState.CLOSE_WAIT) {
      row.closeWait.add(socket);
    }
    if (socket.explicitPort == Fact.YES) {
      row.named.add(socket);
    } else if (PortAllocation.isClosedByBind(socket) == Fact.YES) {
      closedByBind(socket, row);
    } else if (socket.explicitPort == Fact.NO
        && PortAllocation.isClosedByBind(socket) == Fact.UNKNOWN
        && !slow(socket)) {
      if ((socket.localPort - range.first()) % 2 == 0) {
        row.connectFirst++;
      } else if (!chosenByBind.contains(socket.localPort)) {
        // Each once: connections that outlive their listener share a port.
        chosenByBind.add(socket.localPort);
        row.bindFirst.add(socket);
      }
    }
  }

  private void closedByBind(SocketEntry socket, Row row) {
    Place place =
        new Place(socket.localHigh, socket.localLow, socket.interfaceIndex, socket.localPort);
    Optional<Alone> other = closedByBind.get(place);
    if (other == null) {
      if (closedByBind.size() < MAX_DESTINATIONS) {
        closedByBind.put(place, Optional.of(new Alone(row, socket.inode)));
      }
      return;
    }
    other.ifPresent(first -> first.row().outlived.add(first.inode()));
    row.outlived.add(socket);
    closedByBind.put(place, Optional.empty());
  }

  private boolean slow(SocketEntry socket) {
    return earlier.headroom(Destination.of(socket)).slow();
  }

  /** Who has connections. */
  List<SocketHolder> holders() {
    closedByBind.values().stream()
        .flatMap(Optional::stream)
        .forEach(alone -> alone.row().bindFirst.add(alone.inode()));
    closedByBind.clear();
    List<SocketHolder> holders = new ArrayList<>();
    rows.forEach((key, row) ->
        holders.add(
            new SocketHolder(
                key.controlGroup(),
                key.uid(),
                row.connections,
                some(row.closeWait),
                some(row.named),
                some(row.bindFirst),
                row.connectFirst,
                some(row.outlived))));
    return holders;
  }

  private static Some some(SocketSample sample) {
    return new Some(sample.count(), sample.inodes());
  }

  /** The sockets of those that did not fit. */
  int untracked() {
    return untracked;
  }

  /** The destination whose TIME_WAIT sockets hold the most ports, or null without any. */
  @Nullable TimeWaitPorts mostTimeWait() {
    TimeWaitPorts most = null;
    for (int row = 0; row < timeWait.rows(); row++) {
      int ports = timeWait.mostPorts(row);
      if (timeWait.isUsed(row, Protocol.TCP)
          && ports > (most == null ? 0 : Objects.requireNonNull(most).ports())) {
        most = new TimeWaitPorts(timeWait.destination(row), timeWait.sockets(row), ports);
      }
    }
    return most;
  }
}
