package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice.Reach;
import io.github.portpool.advice.FailureLook;
import io.github.portpool.advice.Place;
import io.github.portpool.advice.Survey;
import io.github.portpool.advice.Thresholds;
import io.github.portpool.daemon.Logging;
import io.github.portpool.export.text.CheckLine;
import io.github.portpool.host.Trouble;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.pool.PoolUsages;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.snapshot.Headroom;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.source.FailureSource;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.source.NoNamespaces;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.Destination;
import io.github.portpool.table.SocketTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
      names = {"-w", "--warning"},
      paramLabel = "PERCENT",
      defaultValue = "80%",
      converter = Converters.Percent.class,
      description = "Used ports from which on it is a warning. Default: ${DEFAULT-VALUE}")
  private double warning;

  @Option(
      names = {"-c", "--critical"},
      paramLabel = "PERCENT",
      defaultValue = "95%",
      converter = Converters.Percent.class,
      description = "Used ports from which on it is critical. Default: ${DEFAULT-VALUE}")
  private double critical;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SECONDS",
      converter = Converters.Seconds.class,
      description = "After how long it gives up and is UNKNOWN. Default: never")
  private @Nullable Integer timeout;

  @Option(
      names = "--namespaces",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "host",
      description =
          "Network namespaces to check besides this one: host for none, all, or names; the worst"
              + " counts. Default: ${DEFAULT-VALUE}")
  private Set<String> namespaces;

  @Mixin private SourceOption source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    Logging.configureForCommand();
    return say(spec.commandLine(), timeout == null ? check() : checkWithin(timeout));
  }

  /** The thread that takes too long ends with the program. */
  private CheckLine checkWithin(int seconds) throws SourceException {
    FutureTask<CheckLine> check = new FutureTask<>(this::check);
    Thread.ofPlatform().daemon().start(check);
    try {
      return check.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return CheckLine.unknown("no answer within %d s (--timeout)".formatted(seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CheckLine.unknown("it was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SourceException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
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
      if (to != null) {
        return destination(to, thresholds);
      }
      Optional<CheckLine> told = agentsOwn(thresholds);
      return told.isPresent() ? told.get() : everywhere(new Survey(thresholds));
    } catch (IllegalArgumentException | IOException e) {
      return CheckLine.unknown(Trouble.reason(e));
    }
  }

  /** What the agent that runs here as a service has seen a moment ago, in this namespace. */
  private Optional<CheckLine> agentsOwn(Thresholds thresholds) {
    if (!source.isUsual() || !NamespaceOptions.isHostAlone(namespaces)) {
      return Optional.empty();
    }
    String page =
        "/api/v1/check?netns=%d&warning=%s&critical=%s"
            .formatted(OpenSources.ownNamespace(), thresholds.warning(), thresholds.critical());
    return AgentSocket.ask(System.getenv(), page).flatMap(CheckLine::parse);
  }

  private CheckLine everywhere(Survey survey) throws SourceException {
    Opening<NamespaceSource> opening = NamespaceOptions.once(source.choice(), namespaces);
    try (SocketSource sockets = source.choice().open();
        NamespaceSource others = opening.orElse(reason -> new NoNamespaces(reason, 0));
        FailureSource counter = failures()) {
      FailureLook look = new FailureLook(counter);
      Place own = survey.look(sockets, others.own(), false);
      List<Place> rest = survey.others(others);
      look.end();
      List<Place> places = new ArrayList<>();
      places.add(own.with(look.own(OpenSources.ownNamespace(), NetworkNamespace.isFirst())));
      places.addAll(look.with(rest, others));
      return CheckLine.of(survey.verdict(places, source.choice()::owners), missing(survey, others));
    }
  }

  /** What was asked for and could not be read. */
  private String missing(Survey survey, NamespaceSource others) {
    return NamespaceOptions.isHostAlone(namespaces)
        ? ""
        : others.unavailable().getOrDefault(Feature.NAMESPACES, survey.missing());
  }

  /** They are counted on this host. */
  private FailureSource failures() {
    return source.choice().reach() == Reach.KERNEL
        ? OpenSources.failures()
        : FailureSource.none("other sources show sockets alone");
  }

  /** Of several addresses, that with the fewest free ports. */
  private CheckLine destination(Target target, Thresholds thresholds)
      throws SourceException, IOException {
    SocketTable table = new SocketTable();
    Set<Feature> unseen;
    try (SocketSource sockets = source.choice().open()) {
      sockets.read(table);
      unseen = sockets.unavailable().keySet();
    }
    Destination tightest =
        target.groups().stream()
            .min(Comparator.comparingInt(group -> table.headroom(group).free()))
            .orElseThrow();
    Headroom headroom = table.headroom(tightest);
    boolean exact = PoolUsages.exact(table, Protocol.TCP, unseen);
    return CheckLine.ofDestination(tightest, headroom, exact, thresholds);
  }
}
