package io.github.portpool.cli;

import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of what else is read of a Linux host, besides its own sockets. */
final class HostOptions {
  static final Set<String> HOST_ALONE = Set.of("host");

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
          "How many of them, the fullest, are sampled; of the others only the number of sockets is"
              + " shown. Default: ${DEFAULT-VALUE}")
  private int topNamespaces;

  @Option(
      names = "--namespaces.max",
      paramLabel = "N",
      defaultValue = "1000",
      converter = Converters.Top.class,
      description = "How many are held open; more are counted. Default: ${DEFAULT-VALUE}")
  private int maxNamespaces;

  @Option(
      names = "--owners.top",
      paramLabel = "N",
      defaultValue = "10",
      converter = Converters.Top.class,
      description =
          "How many control groups of each namespace and protocol are named, those with the most"
              + " ports. Default: ${DEFAULT-VALUE}")
  private int topOwners;

  @Option(
      names = "--listeners.top",
      paramLabel = "N",
      defaultValue = "100",
      converter = Converters.Top.class,
      description =
          "How many listeners inside the live range of each namespace are named. Default:"
              + " ${DEFAULT-VALUE}")
  private int topListeners;

  @Option(
      names = "--failures.top",
      paramLabel = "N",
      defaultValue = "100",
      converter = Converters.Top.class,
      description =
          "How many of those whose connect() was refused are told apart. Default: ${DEFAULT-VALUE}")
  private int topFailures;

  @Option(
      names = "--failures.disable",
      description = "Do not count refused connect() calls with perf_event_open(2).")
  private boolean disableFailures;

  @Option(
      names = "--conntrack.dump",
      description =
          "Find the fullest destination of the NAT table: takes CAP_NET_ADMIN, and a dump of the"
              + " table now and then.")
  private boolean dumpConntrack;

  /** For picocli, which sets the rest. */
  @SuppressWarnings("NullAway.Init")
  HostOptions() {}

  /** Whether only the agent's own namespace is wanted. */
  boolean hostAlone() {
    return namespaces.equals(HOST_ALONE);
  }

  /** The names of the wanted namespaces, empty for all. */
  Set<String> namespaces() {
    return others(namespaces);
  }

  /** The namespaces besides the host's own that {@code --namespaces} names, empty for all. */
  static Set<String> others(Set<String> names) {
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

  int topOwners() {
    return topOwners;
  }

  int topListeners() {
    return topListeners;
  }

  int maxNamespaces() {
    return maxNamespaces;
  }

  int topFailures() {
    return topFailures;
  }

  boolean disableFailures() {
    return disableFailures;
  }

  boolean dumpConntrack() {
    return dumpConntrack;
  }
}
