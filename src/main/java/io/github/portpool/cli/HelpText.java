package io.github.portpool.cli;

import io.github.portpool.export.text.Wrap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IHelpSectionRenderer;

/**
 * What {@code --help} prints, broken between words alone: picocli breaks inside {@code :10696} and
 * {@code --web.details}, too.
 */
final class HelpText {
  /** So wide that picocli breaks nothing. */
  private static final int UNBROKEN = 2000;

  private static final String ALL = "all";
  private static final IHelpSectionRenderer NOTHING = help -> "";

  /** What the lines that follow one are indented by: a synopsis, an option's description. */
  private static final Pattern INDENT =
      Pattern.compile("Usage: portpool [a-z]* ?| +(-\\w, )?--\\S+ +| +\\S+ {2,}| +|");

  private HelpText() {}

  /** Wraps the help of a command and of those below it. */
  static void wrap(CommandLine line, int columns) {
    List<String> keys = line.getHelpSectionKeys();
    Map<String, IHelpSectionRenderer> sections = line.getHelpSectionMap();
    line.setUsageHelpWidth(UNBROKEN);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setHelpSectionMap(
        Map.of(
            ALL,
            help -> {
              help.commandSpec().interpolateVariables(true); // for defaults within descriptions
              return keys.stream()
                  .map(key -> sections.getOrDefault(key, NOTHING).render(help))
                  .collect(Collectors.joining())
                  .lines()
                  .map(each -> wrap(each, columns))
                  .collect(Collectors.joining());
            }));
    line.setHelpSectionKeys(List.of(ALL));
  }

  private static String wrap(String line, int columns) {
    Matcher matcher = INDENT.matcher(line);
    String first = matcher.lookingAt() ? matcher.group() : "";
    return Wrap.of(line.substring(first.length()), first, " ".repeat(first.length()), columns);
  }
}
