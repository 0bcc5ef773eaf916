package io.github.portpool.cli;

import io.github.portpool.advice.Diagnosis;
import io.github.portpool.advice.Examination;
import io.github.portpool.export.json.DoctorJson;
import io.github.portpool.export.text.DoctorText;
import io.github.portpool.host.Conntrack;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.owner.HostOwners;
import io.github.portpool.source.owner.KubernetesNode;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.KernelSettings;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code portpool doctor}: what is wrong with this host's ports, and what mends it. */
@Command(
    name = "doctor",
    description =
        "Looks at the settings and sockets of this network namespace, says what is wrong and the"
            + " commands that mend it. Changes nothing itself.",
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

  @Spec private CommandSpec spec;

  /** For picocli, which sets the rest. */
  @SuppressWarnings("NullAway.Init")
  DoctorCommand() {}

  @Override
  public Integer call() {
    Logging.configure(Logging.Severity.ERROR, false);
    Diagnosis diagnosis;
    try (KernelChannel kernel = SockDiagSource.kernel();
        HostOwners owners = HostOwners.unlimited()) {
      diagnosis = diagnose(kernel, owners);
    } catch (SourceException e) {
      return PortpoolCommand.fail(spec.commandLine(), e.sentence());
    }
    Terminal terminal = Terminal.current();
    Output.print(
        spec,
        json
            ? DoctorJson.of(diagnosis)
            : DoctorText.of(diagnosis, terminal.style(), terminal.width()),
        json);
    return diagnosis.healthy() ? 0 : SICK;
  }

  private static Diagnosis diagnose(KernelChannel kernel, HostOwners owners)
      throws SourceException {
    Map<Feature, String> unavailable = new EnumMap<>(Feature.class);
    unavailable.put(
        Feature.NAMESPACES,
        "this network namespace alone was looked at: run it in another with nsenter --net");
    SockDiagSource sockets = new SockDiagSource("linux", kernel);
    return Examination.diagnose(
        sockets,
        owners,
        sockets.namedListeners(),
        new KernelSettings(kernel).reserved(),
        conntrack(unavailable),
        KubernetesNode.sign().orElse(""),
        unavailable);
  }

  private static @Nullable Conntrack conntrack(Map<Feature, String> unavailable) {
    try (ConntrackSource source = KernelConntrack.open(false)) {
      return source.read();
    } catch (SourceException e) {
      unavailable.put(Feature.CONNTRACK, e.sentence());
      return null;
    }
  }
}
