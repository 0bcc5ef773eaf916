package io.github.portpool.advice;

import io.github.portpool.host.RecentFailures;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.table.PortHolder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace that is judged.
 *
 * @param netns its name
 * @param elsewhere whether it is another one than that of who judges
 * @param time when its sockets were read
 * @param tcp TCP's pool, with the worst destination
 * @param udp UDP's pool
 * @param settings the settings of TIME_WAIT
 * @param holders who holds the pool's ports, the most first; empty where that was not looked for
 * @param failures the connect() calls that failed lately
 * @param since when its state began, empty where nobody remembers
 */
public record Place(
    String netns,
    boolean elsewhere,
    Instant time,
    PoolUsage tcp,
    PoolUsage udp,
    TcpSettings settings,
    List<PortHolder> holders,
    RecentFailures failures,
    Optional<Since> since) {

  /** A place as a snapshot shows it. */
  public static Place of(
      Snapshot snapshot,
      boolean elsewhere,
      List<PortHolder> holders,
      RecentFailures failures,
      Optional<Since> since) {
    return new Place(
        snapshot.netns(),
        elsewhere,
        snapshot.time(),
        snapshot.pool(Protocol.TCP),
        snapshot.pool(Protocol.UDP),
        snapshot.tcp(),
        holders,
        failures,
        since);
  }

  /** The same with what is known of calls that fail. */
  public Place with(RecentFailures known) {
    return new Place(netns, elsewhere, time, tcp, udp, settings, holders, known, since);
  }

  /** How close it is to its end. */
  public Judgement judgement(Thresholds thresholds) {
    return Judgement.of(tcp, udp, failures, thresholds);
  }
}
