package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.daemon.Logging;
import io.github.portpool.daemon.StopSignal;
import io.github.portpool.export.json.SnapshotJson;
import io.github.portpool.export.text.StatusText;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.CpuBudget;
import io.github.portpool.sample.HostSampler;
import io.github.portpool.sample.HostSources;
import io.github.portpool.sample.SampleReport;
import io.github.portpool.sample.Sampler;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.failures.PerfFailures;
import io.github.portpool.source.owner.HostOwners;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code portpool status}: one sample as a page of text, or one after another. */
@Command(
    name = "status",
    description = "Shows how full the pool is now, and by what.",
    sortOptions = false)
final class StatusCommand implements Callable<Integer> {
  private static final Duration ONCE = Duration.ofSeconds(5);
  private static final int LISTENERS = 100;
  private static final int CULPRITS = 100;
  private static final String HOME_AND_ERASE = "\u001b[H\u001b[J";
  private static final String ONE_SAMPLE = "--watch or a running agent counts them";

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2s",
      paramLabel = "INTERVAL",
      converter = Converters.Interval.class,
      description =
          "Show it again and again until interrupted, every 2s or as often as is said, and count"
              + " connect() calls that failed for lack of a port meanwhile.")
  private @Nullable Duration watch;

  @Option(names = "--json", description = "Print the sample as JSON.")
  private boolean json;

  @Option(
      names = "--destinations.top",
      paramLabel = "N",
      defaultValue = "5",
      converter = Converters.Top.class,
      description =
          "How many destinations are shown, the worst, 0 to 1000. Default: ${DEFAULT-VALUE}")
  private int topDestinations;

  @Mixin private NamespaceOptions namespaces;

  @Mixin private SourceOption source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    Logging.configure(Logging.Severity.ERROR, Logging.Form.TEXT, false);
    Terminal terminal = Terminal.current();
    try (HostSources sources = OpenSources.open(source.choice(), wanted());
        HostSampler sampler = new HostSampler(sources, options())) {
      Instant begun = Instant.now();
      SampleReport report = sample(sampler);
      if (!report.success()) {
        return PortpoolCommand.fail(spec.commandLine(), report.message());
      }
      if (watch == null) {
        print(text(report, begun, terminal));
      } else {
        watch(watch, sampler, begun, terminal);
      }
      return 0;
    }
  }

  private OpenSources.Wanted wanted() {
    return new OpenSources.Wanted(
        namespaces.wanted(source.choice(), false),
        HostOwners::new,
        watch == null ? Opening.unwanted(ONE_SAMPLE) : () -> PerfFailures.open(CULPRITS),
        () -> KernelConntrack.open(false));
  }

  private SampleReport sample(HostSampler sampler) {
    sampler.sample(options());
    return sampler.nameOwners();
  }

  private Sampler.Options options() {
    return new Sampler.Options(
        watch == null ? ONCE : watch,
        new CpuBudget(1),
        new Bounds(topDestinations, 0, LISTENERS, namespaces.topNamespaces()));
  }

  /** Until it is interrupted, or nobody reads it any more. */
  private void watch(Duration interval, HostSampler sampler, Instant begun, Terminal terminal) {
    boolean redraw = terminal.interactive() && !json;
    String between = redraw ? HOME_AND_ERASE : "";
    try (StopSignal stop = new StopSignal()) {
      stop.listen();
      while (print(between + text(sampler.report(), begun, terminal)) && !stop.await(interval)) {
        between = redraw ? HOME_AND_ERASE : "\n";
        sample(sampler);
      }
      stop.done();
    }
  }

  private String text(SampleReport report, Instant begun, Terminal terminal) {
    return json
        ? SnapshotJson.of(report)
        : StatusText.of(report, begun, terminal.style(), terminal.width());
  }

  /** Returns whether somebody may have read it. */
  private boolean print(String text) {
    Output.print(spec, text, json);
    return !Output.isLost();
  }
}
