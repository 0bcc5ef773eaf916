package io.github.portpool.lookup;

import io.github.portpool.pool.PortAvailability;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.IanaRange;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.table.EphemeralPorts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is on a port, and what the port is.
 *
 * @param port 0 to 65535
 * @param time when the sockets were read
 * @param netns the name of the network namespace that asks
 * @param searched what was read
 * @param range the ephemeral range of that network namespace
 * @param services what IANA has registered for it
 * @param availability whether a client may be given it now, in that network namespace
 * @param sockets what is on it, those with a process first, at most {@link #MOST_SOCKETS}
 * @param untracked how many more sockets there are
 * @param groups all of them by who holds them, the largest first
 * @param history what a running agent remembers of it; null where none could be asked, empty where
 *     it never saw anything there
 * @param unavailable what could not be seen, each with one sentence that names the cure
 */
public record PortReport(
    int port,
    Instant time,
    String netns,
    Searched searched,
    EphemeralPorts range,
    List<RegisteredService> services,
    Map<Protocol, PortAvailability> availability,
    List<FoundSocket> sockets,
    int untracked,
    List<SocketGroup> groups,
    @Nullable List<LastSeen> history,
    Map<Feature, String> unavailable) {
  /** So many sockets are listed; the others are counted. */
  public static final int MOST_SOCKETS = 1000;

  /** The range of RFC 6335 that it lies in. */
  public IanaRange ianaRange() {
    return IanaRange.of(port);
  }

  /** Whether it is the host's network namespace that asks. */
  public boolean onHost() {
    return netns.equals(NamespaceSource.HOST);
  }

  /** The same report with what an agent remembers. */
  public PortReport withHistory(@Nullable List<LastSeen> known) {
    return new PortReport(
        port,
        time,
        netns,
        searched,
        range,
        services,
        availability,
        sockets,
        untracked,
        groups,
        known,
        unavailable);
  }
}
