package io.github.portpool.cli;

import io.github.portpool.daemon.Logging;
import io.github.portpool.host.ExplainedException;
import io.github.portpool.host.Printable;
import io.github.portpool.host.Trouble;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code portpool}: it only has commands below it. */
@Command(
    subcommands = {
      ServeCommand.class,
      WhoCommand.class,
      StatusCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      WhatIfCommand.class,
      RecordCommand.class
    })
public final class PortpoolCommand extends RootCommand {
  private static final int MOST_MEANT = 2;
  private static final Map<String, Supplier<Object>> COMMANDS =
      Map.of(
          "serve", ServeCommand::new,
          "who", WhoCommand::new,
          "status", StatusCommand::new,
          "check", CheckCommand::new,
          "doctor", DoctorCommand::new,
          "what-if", WhatIfCommand::new,
          "record", RecordCommand::new);

  /** Executes a command line and returns its exit code. */
  public static int execute(String... arguments) {
    ConfigFile file = ConfigOption.of(arguments, System.getenv());
    return line(arguments, new OptionDefaults(System.getenv(), file)).execute(arguments);
  }

  /** A command line with everything that it needs to run. */
  static CommandLine line(String[] arguments, OptionDefaults defaults) {
    return of(arguments)
        // A value is what it is: it names no variables, and no files to read arguments from.
        .setInterpolateVariables(false)
        .setExpandAtFiles(false)
        .setDefaultValueProvider(defaults)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, args) -> usageError(e))
        .setExecutionExceptionHandler((e, failed, _) ->
            fail(
                failed,
                e instanceof ExplainedException explained
                    ? explained.message()
                    : Portpool.sentence(e)))
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
      if (line.isUsageHelpRequested()) {
        HelpText.wrap(line, Terminal.current().width());
      }
      int exitCode = new CommandLine.RunLast().execute(parsed);
      return Output.isLost() ? lost(line) : exitCode;
    } catch (Error e) {
      return fail(line, Portpool.sentence(e));
    } finally {
      Logging.flush();
    }
  }

  private static int lost(CommandLine line) {
    return Output.isUnread()
        ? Output.UNREAD
        : fail(line, "cannot write to standard output: make room there");
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

  /** What may have been meant, or empty. */
  private static String meant(ParameterException e) {
    List<String> like =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream().limit(MOST_MEANT).toList()
            : List.of();
    return like.isEmpty() ? "" : "; did you mean " + String.join(" or ", like) + "?";
  }

  private static int usageError(ParameterException e) {
    CommandLine line = e.getCommandLine();
    if (line.getCommand() instanceof CheckCommand) {
      return CheckCommand.unknown(line, Trouble.reason(e) + meant(e));
    }
    PrintWriter err = line.getErr();
    err.println("portpool: " + Printable.oneLine(Trouble.reason(e) + meant(e)));
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
