package io.github.portpool.lookup;

import io.github.portpool.snapshot.Feature;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The sockets that the processes of one name hold, or that lead to one place, or that listen.
 *
 * @param name as it was asked for: as in /proc/PID/comm, or HOST:PORT; empty for listeners
 * @param time when the sockets were read
 * @param searched what was read
 * @param sockets listeners first, at most {@link PortReport#MOST_SOCKETS}
 * @param untracked how many more sockets there are
 * @param groups all of them by who holds them, the largest first
 * @param unavailable what could not be seen, each with one sentence that names the cure
 */
public record SocketsReport(
    String name,
    Instant time,
    Searched searched,
    List<FoundSocket> sockets,
    int untracked,
    List<SocketGroup> groups,
    Map<Feature, String> unavailable) {}
