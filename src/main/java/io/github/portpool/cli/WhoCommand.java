package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.export.text.WhoText;
import io.github.portpool.export.text.Wrap;
import io.github.portpool.host.Trouble;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.ServiceRegistry;
import io.github.portpool.lookup.SocketsReport;
import io.github.portpool.sample.HostSources;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code portpool who}: who has a port, or what a process holds. */
@Command(
    name = "who",
    description = {
      "Tells who has a port, whether bind() to it works, and what the port is; which ports a process"
          + " has; who is connected to a destination; or, without any of these, who listens.",
      "Exit code: 0 when something was found, 1 when nothing was, 2 when it could not look."
    },
    exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
    sortOptions = false)
final class WhoCommand implements Callable<Integer> {
  private static final int FOUND = 0;
  private static final int NOTHING = 1;
  private static final int MOST_PORTS = 100;
  private static final String UNASKED = "not asked for";

  @Parameters(
      arity = "0..*",
      paramLabel = "PORT|PROCESS",
      description =
          "Ports, as 80, :80, 80/tcp, localhost:80 or 80-90; the name of a process as in"
              + " /proc/PID/comm; or of a service, as http. Default: all listeners.")
  private List<String> targets = List.of();

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      converter = Target.Converter.class,
      description = "Who of this host is connected to there, or tries to be.")
  private @Nullable Target to;

  @Option(
      names = "--sockets",
      description =
          "List each socket also where there are more than 25, which are else grouped by process.")
  private boolean each;

  @Option(names = "--json", description = "Print JSON: an object, or an array for several ports.")
  private boolean json;

  @Option(
      names = "--namespaces",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "all",
      description =
          "Network namespaces to look into besides this one: all, host for none, or names."
              + " Default: ${DEFAULT-VALUE}")
  private Set<String> namespaces;

  @Mixin private SourceOption source;

  @Option(
      names = "--agent",
      paramLabel = "URL",
      defaultValue = "http://localhost:10696",
      converter = Converters.Agent.class,
      description =
          "The running agent that is asked what it saw on the port earlier. Default:"
              + " ${DEFAULT-VALUE}")
  private URI agent;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws SourceException {
    SourceChoice choice = source.choice();
    if (choice.reach() == SourceChoice.Reach.NOTHING) {
      throw usage("a recording has no processes: choose --source auto, linux or oshi");
    }
    if (to != null && !targets.isEmpty()) {
      throw usage("name a destination by --to, or ports or a process, not both");
    }
    List<PortTarget> asked = asked();
    if (asked.isEmpty() && targets.size() > 1) {
      throw usage("name one process, or only ports: each is a number from 1 to 65535");
    }
    OpenSources.Wanted wanted =
        new OpenSources.Wanted(
            NamespaceOptions.once(choice, namespaces),
            Opening.unwanted(UNASKED),
            Opening.unwanted(UNASKED),
            Opening.unwanted(UNASKED));
    try (HostSources sources = OpenSources.open(choice, wanted);
        OwnerSource owners = choice.owners()) {
      // Who asks here reads /proc by their own rights.
      PortLookup lookup = new PortLookup(sources.sockets(), sources.namespaces(), owners, true);
      return answer(lookup, asked);
    } catch (IOException e) {
      throw usage(Trouble.reason(e));
    }
  }

  private int answer(PortLookup lookup, List<PortTarget> asked)
      throws SourceException, IOException {
    if (to != null) {
      return say("toward " + to, lookup.toward(to.toString(), to.peers()));
    }
    if (targets.isEmpty()) {
      return say("that wait for strangers", lookup.listeners());
    }
    if (asked.isEmpty()) {
      return named(lookup, targets.getFirst());
    }
    if (asked.size() == 1 && !asked.getFirst().single()) {
      PortTarget range = asked.getFirst();
      return say(
          "on ports " + targets.getFirst(),
          lookup.range(targets.getFirst(), range.first(), range.last()));
    }
    return say(lookup.lookUp(single(asked)));
  }

  /** A process, or where there is none of that name, a service. */
  private int named(PortLookup lookup, String name) throws SourceException {
    List<Integer> ports = ServiceRegistry.ports(name);
    SocketsReport report = lookup.held(name);
    if (!report.sockets().isEmpty() || ports.isEmpty()) {
      print(json ? PortJson.ofProcess(report) : WhoText.ofProcess(report, each));
      return report.sockets().isEmpty() ? NOTHING : FOUND;
    }
    return say(lookup.lookUp(ports.subList(0, Math.min(MOST_PORTS, ports.size()))));
  }

  /** The ports that are asked for, or none where one of the targets is a name. */
  private List<PortTarget> asked() {
    List<PortTarget> asked = new ArrayList<>();
    for (String target : targets) {
      Optional<PortTarget> ports = parse(target);
      if (ports.isEmpty()) {
        return List.of();
      }
      asked.add(ports.get());
    }
    return asked;
  }

  private Optional<PortTarget> parse(String target) {
    try {
      return PortTarget.parse(target);
    } catch (TypeConversionException e) {
      throw usage(Trouble.reason(e));
    }
  }

  /** The same ports one by one. */
  private List<Integer> single(List<PortTarget> asked) {
    List<Integer> ports =
        asked.stream()
            .flatMapToInt(each -> IntStream.rangeClosed(each.first(), each.last()))
            .limit(MOST_PORTS + 1L)
            .boxed()
            .toList();
    if (ports.size() > MOST_PORTS) {
      throw usage("at most " + MOST_PORTS + " ports can be asked for at once, or one range");
    }
    return ports;
  }

  /** As it is for programs; for people no sentence is broken within a word. */
  private void print(String page) {
    Terminal terminal = Terminal.current();
    boolean wrapped = terminal.interactive() && !json;
    Output.print(spec, wrapped ? Wrap.page(page, terminal.width()) : page, json);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private int say(String what, SocketsReport report) {
    print(json ? PortJson.of(report) : WhoText.of(what, report, each));
    return report.sockets().isEmpty() ? NOTHING : FOUND;
  }

  private int say(List<PortReport> reports) {
    AgentHistory history = new AgentHistory(agent, reports.getFirst().range());
    List<PortReport> complete = new ArrayList<>();
    StringBuilder pages = new StringBuilder();
    for (PortReport report : reports) {
      complete.add(report.withHistory(history.of(report.port())));
      if (!json) {
        pages.append(pages.isEmpty() ? "" : "\n");
        pages.append(WhoText.of(complete.getLast(), history.absence(), each));
      }
    }
    if (json && !history.trouble().isEmpty()) {
      PortpoolCommand.fail(spec.commandLine(), history.trouble());
    }
    if (json) {
      pages.append(complete.size() == 1 ? PortJson.of(complete.getFirst()) : PortJson.of(complete));
    }
    print(pages.toString());
    return reports.stream().allMatch(report -> report.sockets().isEmpty()) ? NOTHING : FOUND;
  }
}
