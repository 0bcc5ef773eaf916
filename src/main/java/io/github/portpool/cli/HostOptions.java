package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.sample.Bounds;
import io.github.portpool.source.Opening;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.failures.PerfFailures;
import io.github.portpool.source.owner.HostOwners;
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
          "How many listeners inside the ephemeral range of each namespace are named. Default:"
              + " ${DEFAULT-VALUE}")
  private int topListeners;

  @Option(
      names = "--failures.top",
      paramLabel = "N",
      defaultValue = "100",
      converter = Converters.Top.class,
      description =
          "How many of those whose connect() failed for lack of a port are told apart. Default: ${DEFAULT-VALUE}")
  private int topFailures;

  @Option(
      names = "--failures.disable",
      description =
          "Do not count connect() calls that fail for lack of a port with perf_event_open(2).")
  private boolean disableFailures;

  @Option(
      names = "--conntrack.dump",
      description =
          "Find the worst destination of the NAT table: takes CAP_NET_ADMIN, and a dump of the"
              + " table now and then.")
  private boolean dumpConntrack;

  /** What keeps fewer namespaces open than are asked for; empty when nothing does. */
  String shortage() {
    return namespaces.shortage();
  }

  /** How many of everything are named. */
  Bounds bounds(int topDestinations) {
    return new Bounds(topDestinations, topOwners, topListeners, namespaces.topNamespaces());
  }

  /** What is to be opened for them. */
  OpenSources.Wanted wanted(SourceChoice source) {
    return new OpenSources.Wanted(
        namespaces.wanted(source, dumpConntrack),
        HostOwners::new,
        disableFailures
            ? Opening.unwanted("disabled by --failures.disable")
            : () -> PerfFailures.open(topFailures),
        () -> KernelConntrack.open(dumpConntrack));
  }
}
