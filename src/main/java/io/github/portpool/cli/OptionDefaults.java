package io.github.portpool.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that the command line does not have: from the environment, where {@code
 * --sample.interval} is {@code PORTPOOL_SAMPLE_INTERVAL}, else from the configuration file. An
 * empty value counts as none.
 *
 * @param environment variables by name
 * @param file the configuration file
 */
record OptionDefaults(Map<String, String> environment, ConfigFile file)
    implements IDefaultValueProvider {
  /** What somebody wants once. */
  static final Set<String> ASKED_FOR = Set.of("help", "version", "check-config");

  /** Without these less is safe: an empty value is refused, and never counts as none. */
  private static final Set<String> PROTECTING = Set.of("web.config.file", "otlp.ca-file");

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || ASKED_FOR.contains(name(option))) {
      return null;
    }
    String value = environment.get(variable(option));
    if (value == null || isNone(option, value)) {
      value = file.values().get(name(option));
    }
    return value == null || isNone(option, value) ? null : value.strip();
  }

  private static boolean isNone(OptionSpec option, String value) {
    return value.isBlank() && !PROTECTING.contains(name(option));
  }

  /** The name of an option in the configuration file. */
  static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  /** The name of an option's variable. */
  static String variable(OptionSpec option) {
    return "PORTPOOL_" + name(option).replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
