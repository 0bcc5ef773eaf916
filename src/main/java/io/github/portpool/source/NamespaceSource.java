package io.github.portpool.source;

import java.util.List;
import java.util.OptionalInt;

/** The network namespaces of this host besides the agent's own; none, unless a source has some. */
public interface NamespaceSource extends HostPart {
  /** The label of the agent's own namespace, wherever that is; and the name of the host's. */
  String HOST = "host";

  /**
   * The namespaces that are there; each stays the same object for as long as it is.
   *
   * <p>Looks for those that came and went, but no more often than its budget allows.
   */
  default List<Namespace> namespaces() {
    return List.of();
  }

  /**
   * How many were found besides those: too many, or not to be opened; empty where nobody looks for
   * any.
   */
  default OptionalInt untracked() {
    return OptionalInt.empty();
  }

  /** What the agent's own namespace is called where it may not be the host's. */
  default String own() {
    return HOST;
  }

  /** Which namespaces are looked for, the agent's own among them, and which cannot be found. */
  default String searched() {
    return "that of this program alone";
  }

  /** How many processes would not show their namespace, so that it may be missing. */
  default int hiddenProcesses() {
    return 0;
  }

  /** The name of a namespace, the agent's own too, by its inode number; empty when not known. */
  String name(long inode);

  /** The CPU time that other threads spent for this, in nanoseconds. */
  default long cpuNanos() {
    return 0;
  }
}
