package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.access.SourceChoice.Reach;
import io.github.portpool.advice.Diagnosis;
import io.github.portpool.advice.Examination;
import io.github.portpool.advice.Examination.Sight;
import io.github.portpool.advice.KernelLimits;
import io.github.portpool.daemon.Logging;
import io.github.portpool.export.json.DoctorJson;
import io.github.portpool.export.text.DoctorText;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.sample.HostSources;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.owner.HostOwners;
import io.github.portpool.source.owner.KubernetesNode;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.PortSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code portpool doctor}: what is wrong with this host's ports, and what fixes it. */
@Command(
    name = "doctor",
    description =
        "Looks for some seconds at the settings and sockets of this network namespace, says what is"
            + " wrong, who it is, and the commands that fix it. Changes nothing itself.",
    footer = {
      "",
      "Exit codes: 0 nothing is wrong (notes do not count), 1 something is, 2 it could not look."
    },
    exitCodeOnExecutionException = ExitCode.USAGE,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  private static final int SICK = 1;

  @Option(names = "--json", description = "Print the findings as JSON.")
  private boolean json;

  @Option(
      names = "--namespaces",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "host",
      description =
          "Network namespaces that are judged besides this one, whose settings and sockets are all"
              + " that is looked at in detail: host for none, all, or names. Default:"
              + " ${DEFAULT-VALUE}")
  private Set<String> namespaces;

  @Mixin private SourceOption source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    Logging.configureForCommand();
    Diagnosis diagnosis = diagnose(source.choice());
    Terminal terminal = Terminal.current();
    Output.print(
        spec,
        json
            ? DoctorJson.of(diagnosis)
            : DoctorText.of(diagnosis, terminal.style(), terminal.width()),
        json);
    return diagnosis.healthy() ? 0 : SICK;
  }

  private NamespaceSource alone(String reason) {
    return new NoNamespaces(
        NamespaceOptions.isHostAlone(namespaces)
            ? "this network namespace alone was looked at: name others with --namespaces, or run it"
                + " in another with nsenter --net"
            : reason,
        0);
  }

  private Diagnosis diagnose(SourceChoice choice) throws SourceException {
    try (SocketSource sockets = choice.open()) {
      return choice.reach() == Reach.KERNEL && sockets instanceof SockDiagSource kernel
          ? diagnose(choice, kernel)
          : diagnoseElsewhere(choice, sockets);
    }
  }

  /** The kernel of this host, with all that it shows. */
  private Diagnosis diagnose(SourceChoice choice, SockDiagSource sockets) throws SourceException {
    Opening<ConntrackSource> conntrack = () -> KernelConntrack.open(false);
    Opening<NamespaceSource> others = NamespaceOptions.once(choice, namespaces);
    try (NamespaceSource elsewhere = others.orElse(this::alone);
        OwnerSource owners = HostOwners.unlimited();
        ConntrackSource tracking = conntrack.orElse(ConntrackSource::none);
        FailureSource failures = OpenSources.failures()) {
      return Examination.diagnose(
          new Sight(
              sockets,
              elsewhere,
              owners,
              tracking,
              failures,
              sockets.namedListeners(),
              sockets.settings().reserved(),
              new KernelLimits(
                  sockets.settings().lowestPort(),
                  NetworkNamespace.isFirst(),
                  SysctlFiles.areWritable() ? "" : KernelLimits.READ_ONLY),
              OpenSources.ownNamespace(),
              KubernetesNode.sign().orElse("")));
    }
  }

  /**
   * Sockets, and who has them where they are this host's: which listeners named their ports, only
   * the kernel says.
   */
  private static Diagnosis diagnoseElsewhere(SourceChoice choice, SocketSource sockets)
      throws SourceException {
    PortSet reserved =
        sockets instanceof SockDiagSource recorded ? recorded.settings().reserved() : new PortSet();
    HostSources alone = HostSources.of(sockets);
    try (OwnerSource owners = choice.owners()) {
      return Examination.diagnose(
          new Sight(
              sockets,
              alone.namespaces(),
              owners,
              alone.conntrack(),
              alone.failures(),
              new PortSet(),
              reserved,
              KernelLimits.ELSEWHERE,
              0,
              ""));
    }
  }
}
