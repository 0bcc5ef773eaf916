package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.daemon.Logging;
import io.github.portpool.daemon.StopSignal;
import io.github.portpool.export.json.SnapshotJson;
import io.github.portpool.export.text.Look;
import io.github.portpool.export.text.Order;
import io.github.portpool.export.text.StatusText;
import io.github.portpool.host.HostName;
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
import java.util.ArrayList;
import java.util.List;
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
  private static final String KEYS = "q quits; order by w worst, d destination, s source";
  private static final String ONE_SAMPLE = "--watch or a running agent counts them";

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2s",
      paramLabel = "INTERVAL",
      converter = Converters.Interval.class,
      description =
          "Show it again and again until interrupted, every 2s or as often as is said, and count"
              + " connect() calls that failed for lack of a port meanwhile. On a terminal it takes"
              + " the screen, q quits, and w, d and s order by worst, destination and source.")
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
    Logging.configureForCommand();
    Terminal terminal = Terminal.current();
    try (HostSources sources = OpenSources.open(source.choice(), wanted());
        HostSampler sampler = new HostSampler(sources, options())) {
      Instant begun = Instant.now();
      SampleReport report = sample(sampler);
      if (!report.success()) {
        return PortpoolCommand.fail(spec.commandLine(), report.message());
      }
      if (watch == null) {
        print(text(report, begun, look(terminal)));
      } else if (terminal.interactive() && !json) {
        watchOnScreen(watch, sampler, begun, terminal);
      } else {
        watch(watch, sampler, begun, look(terminal));
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
  private void watch(Duration interval, HostSampler sampler, Instant begun, Look look) {
    String between = "";
    try (StopSignal stop = new StopSignal()) {
      stop.listen();
      while (print(between + text(sampler.report(), begun, look)) && !stop.await(interval)) {
        between = "\n";
        sample(sampler);
      }
      stop.done();
    }
  }

  /** The same on all of a terminal, which is as before when it ends, however it ends. */
  private void watchOnScreen(
      Duration interval, HostSampler sampler, Instant begun, Terminal terminal) {
    try (StopSignal stop = new StopSignal()) {
      stop.listen();
      try (Screen screen = new Screen(spec.commandLine().getOut())) {
        Order order = Order.WORST;
        int key = Screen.NONE;
        long next = System.nanoTime() + interval.toNanos();
        while (key != Screen.END && key != 'q' && !Output.isLost()) {
          order = order(key, order);
          Stty.Size size = screen.size();
          Look look = look(terminal.with(size)).with(order, size.rows() - 1);
          List<String> lines =
              new ArrayList<>(StatusText.of(sampler.report(), begun, look).lines().toList());
          lines.add(KEYS);
          screen.show(lines, size);
          key = screen.key(Duration.ofNanos(next - System.nanoTime()));
          if (key == Screen.NONE) {
            sample(sampler);
            next = System.nanoTime() + interval.toNanos();
          }
        }
      }
      stop.done();
    }
  }

  private static Order order(int key, Order before) {
    return switch (key) {
      case 'w' -> Order.WORST;
      case 'd' -> Order.DESTINATION;
      case 's' -> Order.SOURCE;
      default -> before;
    };
  }

  private String text(SampleReport report, Instant begun, Look look) {
    return json ? SnapshotJson.of(report) : StatusText.of(report, begun, look);
  }

  private Look look(Terminal terminal) {
    return Look.of(host(), terminal.style(), terminal.width());
  }

  /** A recording may be of any host. */
  private String host() {
    return source.choice().reach() == SourceChoice.Reach.NOTHING ? "" : HostName.current();
  }

  /** Returns whether somebody may have read it. */
  private boolean print(String text) {
    Output.print(spec, text, json);
    return !Output.isLost();
  }
}
