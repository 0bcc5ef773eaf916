package io.github.portpool.source.netns;

import io.github.portpool.host.Trouble;
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
 * The namespaces of this Linux host, found by {@link NamespaceFiles} and held open while they are
 * there.
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
  private final Map<Long, String> names = new HashMap<>();
  private final OwnNamespace own;
  private final boolean seesAll = Rights.current().seesAllNamespaces();
  private int untracked;
  private String trouble = "";

  /**
   * Which namespaces to read.
   *
   * @param names those with these names alone; empty for all
   * @param most how many at most
   * @param conntrackDumps whether their connection tracking tables will be dumped
   * @param thoroughly whether to look for those that only a thread, a descriptor or a mount of
   *     another mount namespace keeps alive, which takes a look at each of these
   */
  public record Selection(Set<String> names, int most, boolean conntrackDumps, boolean thoroughly) {
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
      NamespaceThread visitor,
      OwnNamespace own) {
    this.own = own;
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
      return new HostNamespaces(selection, budget, sockets, visitor, OwnNamespace.current());
    } catch (IOException e) {
      throw new SourceException(
          Reason.SOCKET,
          "other network namespaces cannot be entered ("
              + Trouble.reason(e)
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
      found = files.find(selection.thoroughly());
    } catch (IOException e) {
      trouble = "cannot look for network namespaces (" + Trouble.reason(e) + ")";
      return;
    }
    found.remove(visitor.home().inode());
    names.keySet().retainAll(found.keySet());
    giveNames(found);
    closeThoseGone();
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

  /** A name may come later than its namespace; until then the inode number stands for it. */
  private void giveNames(Map<Long, Path> found) {
    Set<String> taken = new HashSet<>(names.values());
    taken.add(HOST);
    found.forEach((inode, file) -> {
      String number = String.valueOf(inode);
      String known = names.computeIfAbsent(inode, _ -> number);
      if (known.equals(number) && !selection.names().contains(number)) {
        String name = NamespaceNames.name(file, inode, taken);
        names.put(inode, name);
        taken.add(name);
      }
    });
  }

  /** A namespace that got a name is another one to those that watch it. */
  private void closeThoseGone() {
    open.values()
        .removeIf(namespace -> {
          boolean gone = !namespace.name().equals(names.get(namespace.inode()));
          if (gone) {
            namespace.close();
          }
          return gone;
        });
  }

  private void add(long inode, Path file) {
    String name = name(inode);
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
        if (selection.thoroughly() && visitor.call(namespace, NetworkNamespace::isFirst)) {
          names.put(inode, HOST);
        }
        open.put(
            inode,
            new OpenNamespace(
                name(inode), namespace, visitor, sockets, selection.conntrackDumps()));
      } else {
        namespace.close(); // the process has gone, and another has its number
      }
    } catch (IOException e) {
      untracked++;
      trouble = "network namespace " + name + " cannot be opened (" + Trouble.reason(e) + ")";
    }
  }

  @Override
  public OptionalInt untracked() {
    return OptionalInt.of(untracked);
  }

  @Override
  public String own() {
    return own.name();
  }

  @Override
  public String searched() {
    return (selection.names().isEmpty() ? "all" : "this one, and of those with the names asked for")
        + (selection.thoroughly()
            ? " that a process, a thread, a descriptor or a mount shows;"
                + " one that a socket alone keeps alive cannot be found"
            : " that a process or a mount of its own shows; one that a thread, a descriptor"
                + " or a socket alone keeps alive is not looked for: portpool who does");
  }

  @Override
  public int hiddenProcesses() {
    return files.hidden();
  }

  @Override
  public String name(long inode) {
    return names.getOrDefault(inode, inode == visitor.home().inode() ? HOST : "");
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
