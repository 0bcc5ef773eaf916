package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice.Reach;
import io.github.portpool.advice.FailureLook;
import io.github.portpool.advice.Judgement;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.daemon.Logging;
import io.github.portpool.export.text.CheckLine;
import io.github.portpool.host.RecentFailures;
import io.github.portpool.host.Trouble;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.pool.TopDestinations;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.PoolUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.Destination;
import io.github.portpool.table.SocketTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code portpool check}: one line and an exit code for a monitoring system. */
@Command(
    name = "check",
    description = "Checks the pool once, for a monitoring system: one line with performance data.",
    footer = {
      "",
      "Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
      "Without --to the worst of three counts: TCP toward the worst destination, UDP, and TCP"
          + " bind() to port 0. It is CRITICAL too while connect() calls fail for lack of a port,"
          + " such as in a program's own range (IP_LOCAL_PORT_RANGE), where they may be counted."
    },
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      converter = Target.Converter.class,
      description = "How many more TCP connections can be opened from here to there.")
  private @Nullable Target to;

  @Option(
      names = "--warning",
      paramLabel = "PERCENT",
      defaultValue = "80%",
      converter = Converters.Percent.class,
      description = "Used ports from which on it is a warning. Default: ${DEFAULT-VALUE}")
  private double warning;

  @Option(
      names = "--critical",
      paramLabel = "PERCENT",
      defaultValue = "95%",
      converter = Converters.Percent.class,
      description = "Used ports from which on it is critical. Default: ${DEFAULT-VALUE}")
  private double critical;

  @Mixin private SourceOption source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    Logging.configure(Logging.Severity.ERROR, false);
    return say(spec.commandLine(), check());
  }

  /** Says that nothing can be said, on standard output, as the convention wants. */
  static int unknown(CommandLine line, String sentence) {
    return say(line, CheckLine.unknown(sentence));
  }

  private static int say(CommandLine line, CheckLine check) {
    PrintWriter out = line.getOut();
    out.println(check.text());
    out.flush();
    return check.state().exitCode();
  }

  private CheckLine check() throws SourceException {
    try {
      Thresholds thresholds = new Thresholds(warning, critical);
      SocketTable table = new SocketTable();
      try (SocketSource sockets = source.choice().open();
          FailureSource counter = failures()) {
        FailureLook look = new FailureLook(counter);
        sockets.read(table);
        Set<Feature> unseen = sockets.unavailable().keySet();
        return to == null
            ? CheckLine.of(
                judge(
                    table,
                    unseen,
                    look.end(OpenSources.ownNamespace(), NetworkNamespace.isFirst()),
                    thresholds))
            : destination(to, table, unseen, thresholds);
      }
    } catch (IllegalArgumentException | IOException e) {
      return CheckLine.unknown(Trouble.reason(e));
    }
  }

  /** They are counted on this host, and not for one destination alone. */
  private FailureSource failures() {
    return to == null && source.choice().reach() == Reach.KERNEL
        ? OpenSources.failures()
        : FailureSource.none("--to and other sources show sockets alone");
  }

  private static Judgement judge(
      SocketTable table, Set<Feature> unseen, RecentFailures failures, Thresholds thresholds) {
    PoolUsage tcp = PoolUsages.of(table, Protocol.TCP, unseen, new TopDestinations(1));
    PoolUsage udp = PoolUsages.of(table, Protocol.UDP, unseen, new TopDestinations(0));
    return Judgement.of(tcp, udp, failures, thresholds);
  }

  /** Of several addresses, that with the fewest free ports. */
  private static CheckLine destination(
      Target to, SocketTable table, Set<Feature> unseen, Thresholds thresholds) throws IOException {
    Destination tightest =
        to.groups().stream()
            .min(Comparator.comparingInt(group -> table.headroom(group).free()))
            .orElseThrow();
    Headroom headroom = table.headroom(tightest);
    boolean exact = PoolUsages.exact(table, Protocol.TCP, unseen);
    return CheckLine.ofDestination(tightest, headroom, exact, thresholds);
  }
}
