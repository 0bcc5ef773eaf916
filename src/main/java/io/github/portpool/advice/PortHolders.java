package io.github.portpool.advice;

import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts who holds the pool's ports, and in which states, in bounded memory. */
final class PortHolders implements SocketSink {
  /** Those of more control groups and users have no row. */
  private static final int MAX_ROWS = 4096;

  private record Key(Protocol protocol, String destination, long controlGroup, int uid) {}

  private static final class Row {
    private final Map<SocketState, Integer> states = new EnumMap<>(SocketState.class);
    private final SocketSample sample = new SocketSample();
  }

  private final Map<Key, Row> rows = new HashMap<>();
  private final Set<String> worst;
  private EphemeralPorts range;

  /**
   * Counters.
   *
   * @param worst the destinations whose sockets are counted apart
   */
  PortHolders(EphemeralPorts range, List<DestinationUsage> worst) {
    this.range = range;
    this.worst =
        worst.stream()
            .map(usage -> name(usage.source(), usage.destination()))
            .collect(Collectors.toSet());
  }

  /** A destination as its holders name it. */
  static String name(String source, String destination) {
    return destination + " from " + source;
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    range = ephemeralRange;
    rows.clear();
  }

  @Override
  public void socket(SocketEntry socket) {
    if (!range.allocates(socket.localPort)) {
      return;
    }
    boolean orphan = socket.inode == 0 && socket.controlGroup == 0;
    Key key =
        new Key(socket.protocol, destination(socket), socket.controlGroup, orphan ? 0 : socket.uid);
    Row row = rows.get(key);
    if (row == null && rows.size() < MAX_ROWS) {
      row = new Row();
      rows.put(key, row);
    }
    if (row != null) {
      row.states.merge(socket.state, 1, Integer::sum);
      row.sample.add(socket);
    }
  }

  private String destination(SocketEntry socket) {
    if (worst.isEmpty() || socket.protocol != Protocol.TCP || !socket.state.hasDestination()) {
      return "";
    }
    Destination group = Destination.of(socket);
    String name = name(group.source(), group.destination());
    return worst.contains(name) ? name : "";
  }

  /** Who holds ports, the most first. */
  List<PortHolder> holders() {
    List<PortHolder> holders = new ArrayList<>();
    rows.forEach((key, row) ->
        holders.add(
            new PortHolder(
                key.protocol(),
                key.destination(),
                key.controlGroup(),
                key.uid(),
                Map.copyOf(row.states),
                row.sample.inodes())));
    holders.sort(Comparator.comparingInt(PortHolder::count).reversed());
    return holders;
  }
}
