package io.github.portpool.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one good sample found: everything in it is of one moment, and none of it changes.
 *
 * @param time when the sample began
 * @param netns the name of the network namespace it is about: {@code host} for one's own
 * @param range the ephemeral range
 * @param tcp the settings that decide how fast ports come back
 * @param pools how full the pool of each protocol is
 * @param worstUsedPeaks the highest {@code worst().used()} of each protocol in the last minute, in
 *     ports
 * @param owners the control groups with the most pool ports, and the sockets without one
 * @param untrackedOwnerSockets sockets whose control group did not fit the bounded table
 * @param poolListeners the listeners inside the ephemeral range, as many as are asked for, those
 *     that last first
 * @param untrackedListeners how many more there are
 * @param untrackedSockets sockets whose destination did not fit the bounded table
 * @param sockets sockets read
 * @param unavailable what the source cannot see of sockets here, each with one sentence that says
 *     why and what cures it; what is not in the map is seen
 */
public record Snapshot(
    Instant time,
    String netns,
    EphemeralRange range,
    TcpSettings tcp,
    Map<Protocol, PoolUsage> pools,
    Map<Protocol, Integer> worstUsedPeaks,
    List<OwnerUsage> owners,
    long untrackedOwnerSockets,
    List<PoolListener> poolListeners,
    int untrackedListeners,
    long untrackedSockets,
    int sockets,
    Map<Feature, String> unavailable) {

  /** The pool of a protocol. */
  public PoolUsage pool(Protocol protocol) {
    PoolUsage usage = pools.get(protocol);
    if (usage == null) {
      throw new IllegalStateException("no pool of " + protocol);
    }
    return usage;
  }
}
