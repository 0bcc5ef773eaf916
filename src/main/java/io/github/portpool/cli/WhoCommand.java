package io.github.portpool.cli;

import io.github.portpool.access.OpenSources;
import io.github.portpool.access.SourceChoice;
import io.github.portpool.export.json.PortJson;
import io.github.portpool.export.text.WhoText;
import io.github.portpool.lookup.PortLookup;
import io.github.portpool.lookup.PortReport;
import io.github.portpool.lookup.ProcessReport;
import io.github.portpool.sample.HostSources;
import io.github.portpool.source.Opening;
import io.github.portpool.source.OwnerSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.PortSet;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code portpool who}: who has a port, or what a process holds. */
@Command(
    name = "who",
    description = {
      "Tells who has a port, and what the port is; or which ports a process has.",
      "Exit code: 0 when something was found, 1 when nothing was, 2 when it could not look."
    },
    exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
    sortOptions = false)
final class WhoCommand implements Callable<Integer> {
  private static final int FOUND = 0;
  private static final int NOTHING = 1;
  private static final int MOST_PORTS = 100;
  private static final int MOST_DIGITS = 9;
  private static final String UNASKED = "not asked for";

  @Parameters(
      arity = "1..*",
      paramLabel = "PORT|PROCESS",
      description = "Port numbers, 1 to 65535, or the name of a process as in /proc/PID/comm.")
  private List<String> targets;

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
    List<Integer> ports = ports();
    if (ports.isEmpty() && targets.size() > 1) {
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
      PortLookup lookup = new PortLookup(sources.sockets(), sources.namespaces(), owners);
      return ports.isEmpty() ? say(lookup.held(targets.getFirst())) : say(lookup.lookUp(ports));
    }
  }

  /** The ports that are asked for, or none where one of the targets is no number. */
  private List<Integer> ports() {
    List<Integer> ports = new ArrayList<>();
    for (String target : targets) {
      if (!target.matches("\\d+")) {
        return List.of();
      }
      if (!isPort(target)) {
        throw usage("'" + target + "' is not a port: ports are numbers from 1 to 65535");
      }
      ports.add(Integer.valueOf(target));
    }
    if (ports.size() > MOST_PORTS) {
      throw usage("at most " + MOST_PORTS + " ports can be asked for at once");
    }
    return ports;
  }

  private static boolean isPort(String digits) {
    int port = digits.length() > MOST_DIGITS ? 0 : Integer.parseInt(digits);
    return port > 0 && port <= PortSet.LAST;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private int say(ProcessReport report) {
    Output.print(spec, json ? PortJson.of(report) : WhoText.of(report), json);
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
        pages.append(WhoText.of(complete.getLast(), history.absence()));
      }
    }
    if (json && !history.trouble().isEmpty()) {
      PortpoolCommand.fail(spec.commandLine(), history.trouble());
    }
    if (json) {
      pages.append(complete.size() == 1 ? PortJson.of(complete.getFirst()) : PortJson.of(complete));
    }
    Output.print(spec, pages.toString(), json);
    return reports.stream().allMatch(report -> report.sockets().isEmpty()) ? NOTHING : FOUND;
  }
}
