package io.github.portpool.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that names the configuration file, which is read before all other options are. */
@Command
final class ConfigOption {
  private static final String NAME = "--config.file";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "File with a line for each option, such as sample.interval = 10s; SIGHUP re-reads it.")
  private @Nullable Path file;

  /** The file that a command line of {@code serve} or the environment names, read. */
  static ConfigFile of(String[] arguments, Map<String, String> environment) {
    if (arguments.length == 0 || !arguments[0].equals("serve")) {
      return ConfigFile.NONE;
    }
    ConfigOption option = new ConfigOption();
    CommandLine line =
        new CommandLine(option)
            .setDefaultValueProvider(new OptionDefaults(environment, ConfigFile.NONE))
            .setInterpolateVariables(false)
            .setExpandAtFiles(false)
            .setUnmatchedArgumentsAllowed(true);
    try {
      line.parseArgs(arguments);
    } catch (CommandLine.ParameterException e) {
      return ConfigFile.NONE; // what is wrong comes up again when all is parsed
    }
    return option.file == null ? ConfigFile.NONE : ConfigFile.read(option.file);
  }

  /** A sentence about what is wrong with a file, empty when nothing is. */
  String fault(ConfigFile file, CommandSpec command) {
    Set<String> options =
        command.options().stream().map(OptionDefaults::name).collect(Collectors.toSet());
    options.remove(NAME.substring(2));
    options.removeAll(OptionDefaults.ASKED_FOR);
    return file.error().isEmpty() ? file.strangers(options) : file.error();
  }
}
