package io.github.portpool.advice;

import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Flow;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.BothSinks;
import io.github.portpool.source.OtherSettings;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.Destination;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the sockets that are there now would leave of the pool with other settings.
 *
 * @param time when the sockets were read
 * @param now the pools with the settings in force
 * @param then the pools with the others
 * @param destinations the worst destinations of both, those of now first
 */
public record WhatIf(Instant time, Pools now, Pools then, List<Toward> destinations) {
  private static final PortSet ALL_PORTS = PortSet.range(0, PortSet.LAST);

  /** The pools with some settings. */
  public record Pools(EphemeralPorts range, TcpSettings settings, PoolUsage tcp, PoolUsage udp) {}

  /** A destination, now and then. */
  public record Toward(
      Destination group, Headroom now, Flow flowNow, Headroom then, Flow flowThen) {}

  /** One way to look at the sockets. */
  private record View(SocketTable table, TopDestinations worst) {
    static View of(int most) {
      return new View(new SocketTable(), new TopDestinations(most));
    }

    Pools pools(Set<Feature> unseen) {
      return new Pools(
          table.range(),
          table.settings(),
          PoolUsages.of(table, Protocol.TCP, unseen, worst),
          PoolUsages.of(table, Protocol.UDP, unseen, new TopDestinations(0)));
    }
  }

  /**
   * Reads the sockets once.
   *
   * @param most how many destinations are named
   * @throws SourceException when they could not be read
   */
  public static WhatIf of(
      SocketSource sockets,
      UnaryOperator<EphemeralPorts> range,
      UnaryOperator<TcpSettings> tcp,
      int most)
      throws SourceException {
    Instant time = Instant.now();
    View now = View.of(most);
    View then = View.of(most);
    sockets.readPorts(
        ALL_PORTS, new BothSinks(now.table(), new OtherSettings(range, tcp, then.table())));
    Set<Feature> unseen = sockets.unavailable().keySet();
    Pools poolsNow = now.pools(unseen);
    Pools poolsThen = then.pools(unseen);
    Set<Destination> groups = new LinkedHashSet<>(now.worst().chosen());
    groups.addAll(then.worst().chosen());
    List<Toward> destinations = new ArrayList<>();
    for (Destination group : groups) {
      destinations.add(
          new Toward(
              group,
              now.table().headroom(group),
              PoolUsages.flow(now.table(), group, unseen),
              then.table().headroom(group),
              PoolUsages.flow(then.table(), group, unseen)));
    }
    return new WhatIf(time, poolsNow, poolsThen, destinations);
  }
}
