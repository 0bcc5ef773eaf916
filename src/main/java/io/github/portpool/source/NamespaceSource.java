package io.github.portpool.source;

import io.github.portpool.snapshot.Feature;
import java.util.List;
import java.util.Map;

/** The network namespaces of this host besides the agent's own. Used by one thread at a time. */
public interface NamespaceSource extends AutoCloseable {
  /** The name of the agent's own namespace, wherever that is. */
  String HOST = "host";

  /** What cannot be seen, each with one sentence that says why and what cures it. */
  Map<Feature, String> unavailable();

  /**
   * The namespaces that are there; each stays the same object for as long as it is.
   *
   * <p>Looks for those that came and went, but no more often than its budget allows.
   */
  List<Namespace> namespaces();

  /** How many were found besides those: too many, or not to be opened. */
  int untracked();

  /** How many processes would not show their namespace, so that it may be missing. */
  int hiddenProcesses();

  /** The name of a namespace by its inode number, or empty when it is not known. */
  String name(long inode);

  /** The CPU time that other threads spent for this, in nanoseconds. */
  long cpuNanos();

  @Override
  void close();
}
