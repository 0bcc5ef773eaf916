package io.github.portpool.cli;

import io.github.portpool.advice.WhatIf;
import io.github.portpool.daemon.Logging;
import io.github.portpool.export.json.WhatIfJson;
import io.github.portpool.export.text.WhatIfText;
import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.bpf.BpfTcp;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.KernelSettings;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code portpool what-if}: what other settings would leave of the pool. */
@Command(
    name = "what-if",
    description =
        "Tells what the sockets that are there now would leave of the pool with other settings, and"
            + " how many connections a second each destination could sustain. Changes nothing.",
    footer = {
      "",
      "Example: portpool what-if --range 15000-64999 --tw-reuse 1",
      "What is not named stays as it is. Exit codes: 0 it could look, 2 it could not."
    },
    exitCodeOnExecutionException = ExitCode.USAGE,
    sortOptions = false)
final class WhatIfCommand implements Callable<Integer> {
  @Option(
      names = "--range",
      paramLabel = "FIRST-LAST",
      description = "Another ephemeral range (net.ipv4.ip_local_port_range).")
  private @Nullable String range;

  @Option(
      names = "--reserved",
      paramLabel = "PORTS",
      description =
          "Other reserved ports (net.ipv4.ip_local_reserved_ports), such as 8080,9000-9010; empty"
              + " for none.")
  private @Nullable String reserved;

  @Option(
      names = "--tw-reuse",
      paramLabel = "0|1|2",
      description = "Another net.ipv4.tcp_tw_reuse.")
  private @Nullable Integer twReuse;

  @Option(
      names = "--destinations.top",
      paramLabel = "N",
      defaultValue = "5",
      converter = Converters.Top.class,
      description = "How many destinations are shown, the worst. Default: ${DEFAULT-VALUE}")
  private int topDestinations;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    Logging.configureForCommand();
    if (twReuse != null && (twReuse < 0 || twReuse > 2)) {
      throw usage("--tw-reuse is 0, 1 or 2");
    }
    try (KernelChannel kernel = SockDiagSource.kernel();
        SockDiagSource sockets =
            new SockDiagSource("linux", kernel, BpfTcp.whereAllowed(UnaryOperator.identity()))) {
      PortSet kept = reserved == null ? new KernelSettings(kernel).reserved() : ports(reserved);
      WhatIf answer = WhatIf.of(sockets, now -> range(now, kept), this::tcp, topDestinations);
      Terminal terminal = Terminal.current();
      Output.print(
          spec,
          json ? WhatIfJson.of(answer) : WhatIfText.of(answer, terminal.style(), terminal.width()),
          json);
    }
    return 0;
  }

  private EphemeralPorts range(EphemeralPorts now, PortSet kept) {
    if (range == null) {
      return new EphemeralPorts(now.first(), now.last(), kept);
    }
    PortSet ports = range.matches("\\d{1,5}-\\d{1,5}") ? ports(range) : new PortSet();
    if (ports.size() == 0) {
      throw usage("'" + range + "' is not a range: write it as 15000-64999");
    }
    return new EphemeralPorts(ports.first(), ports.last(), kept);
  }

  private PortSet ports(String text) {
    try {
      return PortSet.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage("'" + text + "' is no list of ports: write it as 8080,9000-9010");
    }
  }

  private TcpSettings tcp(TcpSettings now) {
    return new TcpSettings(
        twReuse == null ? now.twReuse() : twReuse,
        now.twReuseDelayMillis(),
        now.timestamps(),
        now.finTimeoutSeconds(),
        now.maxTwBuckets());
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
