package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.source.netns.HostNamespaces;
import io.github.portpool.source.netns.HostNamespaces.Selection;
import io.github.portpool.source.oshi.OshiOwners;
import io.github.portpool.source.owner.HostOwners;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code portpool who} reads, as far as this host lets it. */
record OpenLookup(
    SocketSource sockets,
    @Nullable NamespaceSource namespaces,
    OwnerSource owners,
    Map<Feature, String> missing)
    implements AutoCloseable {
  private static final int MOST_NAMESPACES = 1000;

  /**
   * Opens the sources of a host.
   *
   * @param names the namespaces that are asked for, as {@code --namespaces} takes them
   * @throws SourceException when there is no way to the sockets of the host's own namespace
   */
  static OpenLookup open(SourceChoice choice, Set<String> names) throws SourceException {
    SocketSource sockets = choice.open();
    Map<Feature, String> missing = new EnumMap<>(Feature.class);
    if (!choice.isThisKernel()) {
      missing.put(
          Feature.NAMESPACES,
          "OSHI shows one network namespace alone: on Linux, --source=linux shows all");
      return new OpenLookup(sockets, null, new OshiOwners(), missing);
    }
    NamespaceSource namespaces = null;
    if (names.equals(NamespaceOptions.HOST_ALONE)) {
      missing.put(Feature.NAMESPACES, "other network namespaces were not asked for");
    } else {
      namespaces =
          OpenSources.attempt(
              Feature.NAMESPACES,
              missing,
              () ->
                  HostNamespaces.open(
                      new Selection(NamespaceOptions.others(names), MOST_NAMESPACES, false),
                      WalkBudget.unlimited()));
    }
    return new OpenLookup(sockets, namespaces, HostOwners.unlimited(), missing);
  }

  /** The lookup in them. */
  PortLookup lookup() {
    return new PortLookup(sockets, namespaces, owners, missing);
  }

  @Override
  public void close() {
    owners.close();
    if (namespaces != null) {
      namespaces.close();
    }
    sockets.close();
  }
}
