package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.snapshot.TcpSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts who holds the pool's ports, and in which states, in bounded memory: for some destinations
 * apart, for all others together. It counts nothing until it is told which.
 */
public final class PortHolders implements SocketSink {
  /** Those of more control groups and users have no row. */
  private static final int MAX_ROWS = 4096;

  /** More destinations are counted with all others. */
  private static final int MAX_WATCHED = 10;

  private record Key(
      Protocol protocol, @Nullable Destination group, long controlGroup, int uid, boolean orphan) {}

  private static final class Row {
    private final Key key;
    private final Map<SocketState, Integer> states = new EnumMap<>(SocketState.class);
    private final SocketSample sample = new SocketSample();

    Row(Key key) {
      this.key = key;
    }

    boolean has(SocketEntry socket, @Nullable Destination group, int uid, boolean orphan) {
      return Objects.equals(key.group, group)
          && key.controlGroup == socket.controlGroup
          && key.uid == uid
          && key.orphan == orphan
          && key.protocol == socket.protocol;
    }
  }

  private final BoundedRows<Key, Row> rows = new BoundedRows<>(MAX_ROWS, Row::new);
  private List<Destination> watched = List.of();
  private EphemeralPorts range = new EphemeralPorts(0, 0, new PortSet());
  private boolean counting;
  private @Nullable Row last;

  /** Counts from the next pass on, the worst of some destinations apart. */
  public void watch(List<Destination> worst) {
    watched = List.copyOf(worst.subList(0, Math.min(MAX_WATCHED, worst.size())));
    counting = true;
  }

  /** Counts no more. */
  public void rest() {
    watched = List.of();
    counting = false;
  }

  @Override
  public void begin(EphemeralPorts ephemeralRange, TcpSettings tcp) {
    range = ephemeralRange;
    rows.clear();
    last = null;
  }

  @Override
  public void socket(SocketEntry socket) {
    if (!counting || !range.allocates(socket.localPort)) {
      return;
    }
    Destination group = group(socket);
    boolean orphan = socket.inode == 0 && socket.controlGroup == 0;
    int uid = orphan ? 0 : socket.uid;
    Row row = last;
    if (row == null || !row.has(socket, group, uid, orphan)) {
      row = rows.at(new Key(socket.protocol, group, socket.controlGroup, uid, orphan));
    }
    if (row != null) {
      last = row;
      row.states.merge(socket.state, 1, Integer::sum);
      row.sample.add(socket);
    }
  }

  /** The one that is counted apart, always the same object, or null. */
  private @Nullable Destination group(SocketEntry socket) {
    if (socket.state.hasDestination()) {
      for (Destination each : watched) {
        if (each.has(socket)) {
          return each;
        }
      }
    }
    return null;
  }

  /** Who holds ports, the most first. */
  public List<PortHolder> holders() {
    List<PortHolder> holders = new ArrayList<>();
    rows.forEach((key, row) ->
        holders.add(
            new PortHolder(
                key.protocol(),
                key.group(),
                key.controlGroup(),
                key.uid(),
                Map.copyOf(row.states),
                row.sample.inodes())));
    holders.sort(Comparator.comparingInt(PortHolder::count).reversed());
    return holders;
  }
}
