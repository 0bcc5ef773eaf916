package io.github.portpool.sample;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a host is read.
 *
 * @param sockets the sockets of the agent's own network namespace
 * @param netns the inode number of that namespace, 0 where there is none
 * @param namespaces the other namespaces, or null
 * @param owners who owns sockets, or null
 * @param lookupOwners the same for questions about single ports, which are answered at once
 * @param failures refused connect() calls, or null
 * @param conntrack the NAT table of the agent's own namespace, or null
 * @param natDumps whether NAT tables are dumped to find the fullest group
 * @param unavailable why something of it is null: a sentence with the cure
 */
public record HostSources(
    SocketSource sockets,
    long netns,
    @Nullable NamespaceSource namespaces,
    @Nullable OwnerSource owners,
    @Nullable OwnerSource lookupOwners,
    @Nullable FailureSource failures,
    @Nullable ConntrackSource conntrack,
    boolean natDumps,
    Map<Feature, String> unavailable)
    implements AutoCloseable {

  /** The sockets alone, from a source that knows nothing else of the host. */
  public static HostSources of(SocketSource sockets) {
    return of(sockets, null);
  }

  /** The sockets, and who owns those that are asked about. */
  public static HostSources of(SocketSource sockets, @Nullable OwnerSource lookupOwners) {
    String reason = "this source shows sockets alone: use --source=linux, on Linux";
    Map<Feature, String> unavailable = new EnumMap<>(Feature.class);
    for (Feature feature :
        new Feature[] {
          Feature.NAMESPACES,
          Feature.CONNECT_FAILURES,
          Feature.PROCESSES,
          Feature.CGROUPS,
          Feature.CONNTRACK
        }) {
      unavailable.put(feature, reason);
    }
    return new HostSources(sockets, 0, null, null, lookupOwners, null, null, false, unavailable);
  }

  /** What cannot be seen, as it is now. */
  Map<Feature, String> allUnavailable() {
    Map<Feature, String> all = new EnumMap<>(Feature.class);
    all.putAll(unavailable);
    all.putAll(sockets.unavailable());
    if (namespaces != null) {
      all.putAll(namespaces.unavailable());
    }
    if (owners != null) {
      all.putAll(owners.unavailable());
    }
    return all;
  }

  @Override
  public void close() {
    if (failures != null) {
      failures.close();
    }
    if (conntrack != null) {
      conntrack.close();
    }
    if (owners != null) {
      owners.close();
    }
    if (lookupOwners != null) {
      lookupOwners.close();
    }
    if (namespaces != null) {
      namespaces.close();
    }
    sockets.close();
  }
}
