package io.github.portpool.cli;

import io.github.portpool.daemon.Logging;
import io.github.portpool.host.ExplainedException;
import io.github.portpool.host.Printable;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code portpool}: it only has commands below it. */
@Command(
    subcommands = {
      ServeCommand.class,
      WhoCommand.class,
      StatusCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      RecordCommand.class
    })
public final class PortpoolCommand extends RootCommand {
  private static final Map<String, Supplier<Object>> COMMANDS =
      Map.of(
          "serve", ServeCommand::new,
          "who", WhoCommand::new,
          "status", StatusCommand::new,
          "check", CheckCommand::new,
          "doctor", DoctorCommand::new,
          "record", RecordCommand::new);

  /** Executes a command line and returns its exit code. */
  public static int execute(String... arguments) {
    ConfigFile file = ConfigOption.of(arguments, System.getenv());
    return line(arguments, new OptionDefaults(System.getenv(), file)).execute(arguments);
  }

  /** A command line with everything that it needs to run. */
  static CommandLine line(String[] arguments, OptionDefaults defaults) {
    return of(arguments)
        .setDefaultValueProvider(defaults)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, args) -> usageError(e))
        .setExecutionExceptionHandler((e, line, _) ->
            fail(
                line,
                e instanceof ExplainedException explained
                    ? explained.message()
                    : "failed, please report it: " + e))
        .setExecutionStrategy(PortpoolCommand::run);
  }

  /** With the command that is asked for, for each takes its time to begin with; else with all. */
  private static CommandLine of(String[] arguments) {
    Supplier<Object> command = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    return command == null
        ? new CommandLine(new PortpoolCommand())
        : new CommandLine(new RootCommand()).addSubcommand(command.get());
  }

  /** Runs the command; neither an error nor lost output may look like an answer. */
  private static int run(CommandLine.ParseResult parsed) {
    CommandLine line = parsed.asCommandLineList().getLast();
    try {
      int exitCode = new CommandLine.RunLast().execute(parsed);
      boolean watch = line.getParseResult().hasMatchedOption("--watch"); // ends in order unread
      return !watch && Output.isLost()
          ? fail(line, "cannot write to standard output: make room, or let its reader run on")
          : exitCode;
    } catch (Error e) {
      return fail(line, "failed, please report it: " + e);
    } finally {
      Logging.flush();
    }
  }

  /** Says one sentence on standard error and returns the command's exit code for a failure. */
  static int fail(CommandLine line, String sentence) {
    if (line.getCommand() instanceof CheckCommand) {
      return CheckCommand.unknown(line, sentence);
    }
    line.getErr().println("portpool: " + Printable.oneLine(sentence));
    line.getErr().flush();
    return line.getCommandSpec().exitCodeOnExecutionException();
  }

  private static int usageError(ParameterException e) {
    CommandLine line = e.getCommandLine();
    if (line.getCommand() instanceof CheckCommand) {
      return CheckCommand.unknown(line, String.valueOf(e.getMessage()));
    }
    PrintWriter err = line.getErr();
    err.println("portpool: " + Printable.oneLine(String.valueOf(e.getMessage())));
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
