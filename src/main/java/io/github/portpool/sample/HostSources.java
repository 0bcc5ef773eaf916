package io.github.portpool.sample;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.HostPart;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import java.util.Map;

/**
 * What of a host is read; a part that is not has a source that says why.
 *
 * @param sockets the sockets of the agent's own network namespace
 * @param namespaces the other namespaces
 * @param owners who owns sockets
 * @param failures connect() calls that failed for lack of a port (EADDRNOTAVAIL)
 * @param conntrack the connection tracking table of the agent's own namespace
 */
public record HostSources(
    SocketSource sockets,
    NamespaceSource namespaces,
    OwnerSource owners,
    FailureSource failures,
    ConntrackSource conntrack)
    implements AutoCloseable {

  /** Why the rest is missing where a source has nothing but sockets, and the cure. */
  public static final String SOCKETS_ALONE =
      "this source shows sockets alone: use --source=linux, on Linux";

  /** The sockets alone, from a source that knows nothing else of the host. */
  public static HostSources of(SocketSource sockets) {
    return of(sockets, NamespaceSource.HOST);
  }

  /** The same of sockets in a network namespace that is called otherwise. */
  public static HostSources of(SocketSource sockets, String netns) {
    return new HostSources(
        sockets,
        new NoNamespaces(
            "this source shows one network namespace alone: use --source=linux, on Linux",
            0,
            netns),
        OwnerSource.none(SOCKETS_ALONE),
        FailureSource.none(SOCKETS_ALONE),
        ConntrackSource.none(SOCKETS_ALONE));
  }

  /** What cannot be seen, as it is now. */
  Map<Feature, String> unavailable() {
    return HostPart.unavailable(failures, conntrack, namespaces, owners, sockets);
  }

  @Override
  public void close() {
    failures.close();
    conntrack.close();
    owners.close();
    namespaces.close();
    sockets.close();
  }
}
