package io.github.portpool.snapshot;

import java.util.List;
import java.util.Map;

/**
 * How full the pool of one protocol is; all counts in ports unless they say otherwise.
 *
 * @param used distinct pool ports with at least one socket in any state
 * @param sockets sockets whose local port is in the pool, for every state of the protocol
 * @param blocked ports closed to every {@code connect()}
 * @param bindFree ports that {@code bind()} to [::] port 0 could still get; to 0.0.0.0, as many or
 *     more
 * @param destinations distinct (source, destination, port) groups of the pool's sockets
 * @param worst the headroom of the worst group, or of a new one of IPv4 or IPv6 if that is worse
 * @param slowDestinations groups past one half, toward which {@code connect()} is slow
 * @param exhaustedDestinations groups toward which {@code connect()} fails
 * @param top the worst groups, the worst first
 * @param exact whether everything that closes ports to {@code connect()} was seen; otherwise
 *     headroom is an upper bound, too high by the ports that were closed unseen
 * @param bindExact whether every socket was seen; otherwise {@code bindFree} is an upper bound
 * @param listeners the listeners, in the pool or not
 */
public record PoolUsage(
    int used,
    Map<SocketState, Integer> sockets,
    BlockedPorts blocked,
    int bindFree,
    int destinations,
    Headroom worst,
    int slowDestinations,
    int exhaustedDestinations,
    List<DestinationUsage> top,
    boolean exact,
    boolean bindExact,
    ListenerCounts listeners) {}
