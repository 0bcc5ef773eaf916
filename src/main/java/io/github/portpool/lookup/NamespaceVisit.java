package io.github.portpool.lookup;

import io.github.portpool.source.Namespace;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import java.util.ArrayList;
import java.util.List;

/**
 * One visit to the network namespaces besides the host's own.
 *
 * <p>Looking into one costs a walk over the table of the whole host, so that those without any
 * socket, by their sockstat, are passed over.
 */
final class NamespaceVisit {
  private final NamespaceSource source;
  private final List<String> troubles = new ArrayList<>();
  private int read;

  NamespaceVisit(NamespaceSource source) {
    this.source = source;
  }

  /** Adds the sockets of all namespaces; one that cannot be read adds none, and is remembered. */
  void read(PortSet ports, FiledSockets found) {
    for (Namespace namespace : source.namespaces()) {
      try {
        if (namespace.sockets() > 0) {
          found.addAll(read(namespace, ports, found.of(namespace.name())));
        }
        read++;
      } catch (SourceException e) {
        troubles.add("network namespace " + namespace.name() + " is missing: " + e.message());
      }
    }
  }

  private static FiledSockets read(Namespace namespace, PortSet ports, FiledSockets sink)
      throws SourceException {
    try (SocketSource sockets = namespace.open()) {
      sockets.readPorts(ports, sink);
      return sink;
    }
  }

  /** What was read, the host's own included. */
  Searched searched() {
    return new Searched(1 + read, source.searched());
  }

  /** What could not be read, in one sentence, or empty. */
  String trouble() {
    if (!troubles.isEmpty()) {
      int more = troubles.size() - 1;
      return troubles.getFirst() + (more == 0 ? "" : "; and " + more + " more are missing");
    }
    int untracked = source.untracked().orElse(0);
    return untracked == 0
        ? ""
        : untracked + " network namespaces are not read: name those that matter with --namespaces";
  }
}
