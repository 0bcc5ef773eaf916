package io.github.portpool.cli;

import io.github.portpool.access.SourceChoice;
import io.github.portpool.daemon.FileBudget;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.Opening;
import io.github.portpool.source.WalkBudget;
import io.github.portpool.source.netns.HostNamespaces;
import io.github.portpool.source.netns.HostNamespaces.Selection;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of which network namespaces are read besides the agent's own. */
final class NamespaceOptions {
  private static final Set<String> HOST_ALONE = Set.of("host");
  private static final int MOST_AT_ONCE = 1000;

  @Option(
      names = "--namespaces",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "host",
      description =
          "Network namespaces to read besides the agent's own: host for none, all, or names."
              + " Default: ${DEFAULT-VALUE}")
  private Set<String> namespaces;

  @Option(
      names = "--namespaces.top",
      paramLabel = "N",
      defaultValue = "50",
      converter = Converters.Top.class,
      description =
          "How many of them, the worst, are sampled; of the others only the number of sockets is"
              + " shown. Default: ${DEFAULT-VALUE}")
  private int topNamespaces;

  @Option(
      names = "--namespaces.max",
      paramLabel = "N",
      defaultValue = "1000",
      converter = Converters.Top.class,
      description = "How many are held open; more are counted. Default: ${DEFAULT-VALUE}")
  private int maxNamespaces;

  /** Opens the wanted namespaces besides the agent's own. */
  Opening<NamespaceSource> wanted(SourceChoice source, boolean conntrackDumps) {
    return namespaces.equals(HOST_ALONE)
        ? Opening.unwanted("not asked for: start the agent with --namespaces=all")
        : () ->
            HostNamespaces.open(
                new Selection(others(namespaces), maxNamespaces(), conntrackDumps, false),
                WalkBudget.of(WalkBudget.DEFAULT_CORES),
                source.sockets());
  }

  /** Opens namespaces that are looked for once, by the names that the option takes. */
  static Opening<NamespaceSource> once(SourceChoice source, Set<String> names) {
    return names.equals(HOST_ALONE)
        ? Opening.unwanted("other network namespaces were not asked for")
        : () ->
            HostNamespaces.open(
                new Selection(others(names), MOST_AT_ONCE, false, true),
                WalkBudget.unlimited(),
                source.sockets());
  }

  /** Whether the option's value names no other namespace. */
  static boolean isHostAlone(Set<String> names) {
    return names.equals(HOST_ALONE);
  }

  /** The namespaces besides the host's own that the option's value names, empty for all. */
  private static Set<String> others(Set<String> names) {
    if (names.contains("all")) {
      return Set.of();
    }
    Set<String> others = new HashSet<>(names);
    others.removeAll(HOST_ALONE);
    return others;
  }

  int topNamespaces() {
    return topNamespaces;
  }

  /**
   * What keeps fewer open than are asked for, a sentence with the cure; empty when nothing does.
   */
  String shortage() {
    return namespaces.equals(HOST_ALONE) || maxNamespaces() == maxNamespaces
        ? ""
        : "the limit of open files, %d, leaves room for %d other network namespaces: raise it for more (systemd: LimitNOFILE=)"
            .formatted(FileBudget.CURRENT.limit(), maxNamespaces());
  }

  /** How many may be held open, by what is asked for and by the limit of open files. */
  private int maxNamespaces() {
    return Math.min(maxNamespaces, FileBudget.CURRENT.namespaces(topNamespaces));
  }
}
