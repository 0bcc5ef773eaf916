package io.github.portpool.lookup;

import io.github.portpool.snapshot.Feature;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The sockets that the processes of one name hold.
 *
 * @param name as in /proc/PID/comm, as it was asked for
 * @param time when the sockets were read
 * @param searched what was read
 * @param sockets listeners first, at most {@link PortReport#MOST_SOCKETS}
 * @param untracked how many more sockets there are
 * @param unavailable what could not be seen, each with one sentence that names the cure
 */
public record ProcessReport(
    String name,
    Instant time,
    Searched searched,
    List<FoundSocket> sockets,
    int untracked,
    Map<Feature, String> unavailable) {}
