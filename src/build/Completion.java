import io.github.portpool.cli.PortpoolCommand;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Prints completion for fish or zsh, from the commands themselves as picocli knows them; for bash picocli has its own.
 *
 * <p>usage: java -cp JARS src/build/Completion.java fish|zsh
 */
final class Completion {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] shell) {
    List<CommandSpec> commands = new CommandLine(new PortpoolCommand())
        .getSubcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    switch (shell[0]) {
      case "fish" -> fish(commands);
      case "zsh" -> zsh(commands);
      default -> throw new IllegalArgumentException("fish or zsh");
    }
  }

  private static void fish(List<CommandSpec> commands) {
    OUT.println("complete -c portpool -f");
    for (CommandSpec command : commands) {
      OUT.printf("complete -c portpool -n __fish_use_subcommand -a %s -d %s%n", command.name(), quoted(what(command)));
    }
    for (CommandSpec command : commands) {
      for (OptionSpec option : command.options()) {
        StringBuilder line = new StringBuilder("complete -c portpool -n '__fish_seen_subcommand_from " + command.name() + "'");
        for (String name : option.names()) {
          line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().min() > 0) {
          line.append(isFile(option) ? " -r -F" : " -x");
          String values = String.join(" ", values(option));
          line.append(values.isEmpty() ? "" : " -a " + quoted(values));
        }
        OUT.println(line + " -d " + quoted(what(option)));
      }
    }
  }

  private static void zsh(List<CommandSpec> commands) {
    OUT.println("#compdef portpool\n\nlocal -a commands=(");
    commands.forEach(each -> OUT.println("  " + quoted(each.name() + ":" + what(each).replace(":", "\\:"))));
    OUT.println(")\nif (( CURRENT == 2 )); then\n  _describe command commands\n  return\nfi\nshift words\n(( CURRENT-- ))\ncase $words[1] in");
    for (CommandSpec command : commands) {
      OUT.println(command.name() + ")\n  _arguments \\");
      for (OptionSpec option : command.options()) {
        for (String name : option.names()) {
          OUT.println("    " + quoted(name + value(option)) + " \\");
        }
      }
      OUT.println("    && return\n  ;;");
    }
    OUT.println("esac");
  }

  private static String value(OptionSpec option) {
    String text = "[" + what(option).replaceAll("([\\[\\]:\\\\])", "\\\\$1") + "]";
    if (option.arity().max() == 0) {
      return text;
    }
    String action = isFile(option) ? "_files" : values(option).isEmpty() ? " " : "(" + String.join(" ", values(option)) + ")";
    // A value that may be left out is written behind an equals sign.
    return (option.arity().min() == 0 ? "=-" : "=") + text + (option.arity().min() == 0 ? "::" : ":") + option.paramLabel().toLowerCase() + ":" + action;
  }

  private static List<String> values(OptionSpec option) {
    List<String> values = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(values::add);
    }
    return values.stream().map(String::toLowerCase).toList();
  }

  private static boolean isFile(OptionSpec option) {
    return option.type() == Path.class;
  }

  private static String what(CommandSpec command) {
    return firstSentence(command.usageMessage().description());
  }

  private static String what(OptionSpec option) {
    return firstSentence(option.description());
  }

  /** Without its full stop. */
  private static String firstSentence(String[] description) {
    return String.join(" ", Arrays.asList(description)).split("\\.( |$)|[:;] |%n", 2)[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
