package io.github.portpool.cli;

import io.github.portpool.host.Printable;
import io.github.portpool.sample.BuildInfo;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code portpool}: it only has commands below it. */
@Command(
    name = "portpool",
    description = "Tells how close a host is to running out of ephemeral ports.",
    subcommands = {
      ServeCommand.class,
      WhoCommand.class,
      StatusCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      RecordCommand.class
    },
    versionProvider = PortpoolCommand.Version.class,
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT)
public final class PortpoolCommand implements Runnable {
  /** The exit code of a command that could not do its work. */
  static final int FAILED = 1;

  @Spec private CommandSpec spec;

  /** For picocli, which sets the rest. */
  @SuppressWarnings("NullAway.Init")
  public PortpoolCommand() {}

  /** Executes a command line and returns its exit code. */
  public static int execute(String... arguments) {
    ConfigFile file = ConfigOption.of(arguments, System.getenv());
    return line(new OptionDefaults(System.getenv(), file)).execute(arguments);
  }

  /** The command line with everything that it needs to run. */
  static CommandLine line(OptionDefaults defaults) {
    return new CommandLine(new PortpoolCommand())
        .setDefaultValueProvider(defaults)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, args) -> usageError(e))
        .setExecutionExceptionHandler(
            (e, line, result) -> fail(line, "failed, please report it: " + e))
        .setExecutionStrategy(PortpoolCommand::run);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
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

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      BuildInfo build = BuildInfo.current();
      return new String[] {
        "portpool, version %s (revision %s, Java %s)"
            .formatted(build.version(), build.revision(), build.java())
      };
    }
  }
}
