package io.github.portpool.source.netns;

import io.github.portpool.linux.NamespaceThread;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.linux.Rights;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.WalkBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The namespaces of this Linux host, found by /run/netns and /proc/PID/ns/net and held open while
 * they are there.
 *
 * <p>Entering them takes CAP_SYS_ADMIN, and seeing those of other users' processes CAP_SYS_PTRACE.
 */
public final class HostNamespaces implements NamespaceSource {
  private final Selection selection;
  private final WalkBudget budget;
  private final Opening<SocketSource> sockets;
  private final NamespaceThread visitor;
  private final NamespaceFiles files = new NamespaceFiles();
  private final Map<Long, OpenNamespace> open = new LinkedHashMap<>();
  private final Map<Long, String> left = new HashMap<>();
  private final boolean seesAll = Rights.current().seesAllNamespaces();
  private int untracked;
  private String trouble = "";

  /**
   * Which namespaces to read.
   *
   * @param names those with these names alone; empty for all
   * @param most how many at most
   * @param conntrackDumps whether their connection tracking tables will be dumped
   */
  public record Selection(Set<String> names, int most, boolean conntrackDumps) {
    /** Keeps its own copy. */
    public Selection {
      names = Set.copyOf(names);
    }

    boolean takes(String name) {
      return names.isEmpty() || names.contains(name);
    }
  }

  private HostNamespaces(
      Selection selection,
      WalkBudget budget,
      Opening<SocketSource> sockets,
      NamespaceThread visitor) {
    this.selection = selection;
    this.budget = budget;
    this.sockets = sockets;
    this.visitor = visitor;
  }

  /**
   * Looks at the namespaces of this host from the calling thread's.
   *
   * @param budget how often to look for those that came and went
   * @param sockets opens the sockets of the namespace of the thread that calls it
   * @throws SourceException when they may not be entered
   */
  public static HostNamespaces open(
      Selection selection, WalkBudget budget, Opening<SocketSource> sockets)
      throws SourceException {
    try {
      NamespaceThread visitor = new NamespaceThread();
      try {
        visitor.call(visitor.home(), () -> true);
      } catch (IOException e) {
        visitor.close();
        throw e;
      }
      return new HostNamespaces(selection, budget, sockets, visitor);
    } catch (IOException e) {
      throw new SourceException(
          Reason.SOCKET,
          "other network namespaces cannot be entered ("
              + e.getMessage()
              + "): give the agent CAP_SYS_ADMIN and CAP_SYS_PTRACE",
          e);
    }
  }

  @Override
  public Map<Feature, String> unavailable() {
    return trouble.isEmpty() ? Map.of() : Map.of(Feature.NAMESPACES, trouble);
  }

  @Override
  public List<Namespace> namespaces() {
    budget.run(this::look);
    return List.copyOf(open.values());
  }

  private void look() {
    Map<Long, Path> found;
    try {
      found = files.find();
    } catch (IOException e) {
      trouble = "cannot look for network namespaces (" + e.getMessage() + ")";
      return;
    }
    found.remove(visitor.home().inode());
    closeThoseGone(found.keySet());
    left.keySet().retainAll(found.keySet());
    untracked = 0;
    trouble =
        seesAll
            ? ""
            : "the namespaces of other users' processes are hidden: give the agent CAP_SYS_PTRACE";
    found.forEach((inode, file) -> {
      if (!open.containsKey(inode)) {
        add(inode, file);
      }
    });
    Set<String> missing = new TreeSet<>(selection.names());
    open.values().forEach(namespace -> missing.remove(namespace.name()));
    if (!missing.isEmpty() && trouble.isEmpty()) {
      trouble = "there is no network namespace called " + String.join(", ", missing);
    }
  }

  private void closeThoseGone(Set<Long> there) {
    open.values()
        .removeIf(namespace -> {
          boolean gone = !there.contains(namespace.inode());
          if (gone) {
            namespace.close();
          }
          return gone;
        });
  }

  private void add(long inode, Path file) {
    String name =
        left.computeIfAbsent(inode, number -> NamespaceNames.name(file, number, takenNames()));
    if (!selection.takes(name)) {
      return;
    }
    if (open.size() >= selection.most()) {
      untracked++;
      return;
    }
    try {
      NetworkNamespace namespace = new NetworkNamespace(file);
      if (namespace.inode() == inode) {
        open.put(
            inode,
            new OpenNamespace(name, namespace, visitor, sockets, selection.conntrackDumps()));
        left.remove(inode);
      } else {
        namespace.close(); // the process has gone, and another has its number
      }
    } catch (IOException e) {
      untracked++;
      trouble = "network namespace " + name + " cannot be opened (" + e.getMessage() + ")";
    }
  }

  private Set<String> takenNames() {
    Set<String> taken = new HashSet<>(left.values());
    taken.add(HOST);
    open.values().forEach(namespace -> taken.add(namespace.name()));
    return taken;
  }

  @Override
  public OptionalInt untracked() {
    return OptionalInt.of(untracked);
  }

  @Override
  public int hiddenProcesses() {
    return files.hidden();
  }

  @Override
  public String name(long inode) {
    OpenNamespace namespace = open.get(inode);
    if (namespace != null) {
      return namespace.name();
    }
    return inode == visitor.home().inode() ? HOST : left.getOrDefault(inode, "");
  }

  @Override
  public long cpuNanos() {
    return visitor.cpuNanos();
  }

  @Override
  public void close() {
    open.values().forEach(OpenNamespace::close);
    open.clear();
    visitor.close();
  }
}
