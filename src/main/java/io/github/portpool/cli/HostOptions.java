package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of what else is read of a Linux host, besides its own sockets. */
final class HostOptions {
  @Mixin private NamespaceOptions namespaces;

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

  int topNamespaces() {
    return namespaces.topNamespaces();
  }

  /** What keeps fewer namespaces open than are asked for; empty when nothing does. */
  String shortage() {
    return namespaces.shortage();
  }

  int topOwners() {
    return topOwners;
  }

  int topListeners() {
    return topListeners;
  }

  /** What is to be opened for them. */
  OpenSources.Wanted wanted() {
    return new OpenSources.Wanted(
        namespaces.selection(dumpConntrack),
        topFailures,
        disableFailures ? "disabled by --failures.disable" : "",
        dumpConntrack);
  }
}
