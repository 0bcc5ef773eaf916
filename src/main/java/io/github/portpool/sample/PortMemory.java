package io.github.portpool.sample;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.LastSeen;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortHistory;
import io.github.portpool.table.PortHistory.Sighting;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of the agent's own network namespace saw on each port. For one thread.
 *
 * <p>Times are reckoned back from now, so that a clock that was set does not matter.
 */
final class PortMemory {
  private static final long TENTH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int HOUR_TENTHS = 36_000;

  private final long began = System.nanoTime();
  private final PortHistory history;

  /** A memory of the sockets that it passes on. */
  PortMemory(SocketSink next) {
    history = new PortHistory(next);
  }

  /** Reads all sockets of a source, and remembers them. */
  void read(SocketSource source) throws SourceException {
    history.time(tenths());
    source.read(history);
  }

  private int tenths() {
    return (int) ((System.nanoTime() - began) / TENTH_NANOS);
  }

  /** What was on each port at the time of the last good sample. */
  PortMap map(Instant time) {
    byte[] cells = new byte[PortSet.PORTS];
    int hourAgo = tenths() - HOUR_TENTHS;
    for (int port = 0; port < PortSet.PORTS; port++) {
      cells[port] =
          PortMap.cells(cell(Protocol.TCP, port, hourAgo), cell(Protocol.UDP, port, hourAgo));
    }
    return new PortMap(time, history.range(), cells);
  }

  private PortMap.Cell cell(Protocol protocol, int port, int hourAgo) {
    SocketState state = history.state(protocol, port);
    if (state == null) {
      return history.seenSince(protocol, port, hourAgo)
          ? PortMap.Cell.EARLIER
          : PortMap.Cell.NOTHING;
    }
    return PortMap.Cell.of(state);
  }

  /** What is known of a port, in the network namespace of a name. */
  List<LastSeen> of(int port, String netns, OwnerSource owners) {
    List<LastSeen> known = new ArrayList<>();
    int now = tenths();
    Instant time = Instant.now();
    for (Protocol protocol : Protocol.values()) {
      Sighting sighting = history.sighting(protocol, port);
      if (sighting != null) {
        known.add(
            new LastSeen(
                netns,
                protocol,
                sighting.state(),
                ago(time, now - sighting.since()),
                ago(time, now - sighting.last()),
                owner(sighting, ago(time, now - sighting.ownerSeen()), owners)));
      }
    }
    return known;
  }

  private static Instant ago(Instant now, int tenths) {
    return now.minus(Duration.ofMillis(100L * tenths));
  }

  private static LastSeen.@Nullable Owner owner(
      Sighting sighting, Instant seen, OwnerSource owners) {
    PortHistory.Owner owner = sighting.owner();
    if (owner == null) {
      return null;
    }
    ControlGroup group = owners.controlGroup(owner.controlGroup()).orElse(null);
    return new LastSeen.Owner(owners.user(owner.uid()), group, seen);
  }
}
