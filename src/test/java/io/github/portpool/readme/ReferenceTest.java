package io.github.portpool.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.cli.PortpoolCommand;
import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The pages that repeat the program say what it says: what comes after their mark is made of the
 * table of metrics and of the commands. {@code make generate} renews them.
 */
class ReferenceTest {
  private static final String MARK = "<!-- generated: make generate -->\n";

  private static void assertFresh(String page, String generated) throws IOException {
    Path file = Path.of("src/docs", page);
    String text = Files.readString(file);
    int end = text.indexOf(MARK) + MARK.length();
    if (Boolean.getBoolean("portpool.golden.update")) {
      Files.writeString(file, text.substring(0, end) + generated);
    }
    assertEquals(generated, Files.readString(file).substring(end), "run make generate");
  }

  @Test
  void metrics() throws IOException {
    assertFresh(
        "metrics.md",
        "\n| metric | kind | labels | what it is |\n|---|---|---|---|\n"
            + MetricTable.FAMILIES.stream().map(ReferenceTest::row).collect(Collectors.joining()));
  }

  private static String row(MetricFamily family) {
    return row(
        code(family.name()),
        family.kind().name().toLowerCase(Locale.ROOT),
        family.labels().stream().map(ReferenceTest::code).collect(Collectors.joining(", ")),
        text(family.help()));
  }

  @Test
  void flags() throws IOException {
    StringBuilder page = new StringBuilder();
    CommandLine root = new CommandLine(new PortpoolCommand());
    root.getSubcommands().forEach((name, command) -> add(page, name, command.getCommandSpec()));
    assertFresh("flags.md", page.toString());
  }

  private static void add(StringBuilder page, String name, CommandSpec command) {
    page.append("\n## portpool ").append(name).append("\n\n");
    page.append(sentences(command.usageMessage().description())).append("\n\n");
    page.append("| argument | default | what it is |\n|---|---|---|\n");
    command.positionalParameters().stream()
        .map(each -> row(code(each.paramLabel()), "", description(each)))
        .forEach(page::append);
    command.options().stream()
        .filter(option -> !option.hidden())
        .map(ReferenceTest::row)
        .forEach(page::append);
  }

  private static String row(OptionSpec option) {
    String names =
        Stream.of(option.names()).map(ReferenceTest::code).collect(Collectors.joining(", "));
    String value = option.arity().max() == 0 ? "" : " " + code(option.paramLabel());
    String initial = option.defaultValue();
    return row(
        names + value,
        initial == null || option.arity().max() == 0 ? "" : code(initial),
        description(option));
  }

  /** What the help says, without the default, which has a column of its own. */
  private static String description(ArgSpec argument) {
    return text(
        sentences(argument.description())
            .replaceFirst(" ?Default: (\\$\\{DEFAULT-VALUE}|\\S+)$", ""));
  }

  private static String sentences(String... lines) {
    return String.join(" ", lines).replace("%%", "%").strip();
  }

  /** A text in a cell of a table. */
  private static String text(String sentence) {
    return sentence.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
  }

  private static String code(String name) {
    return "`" + name.replace("|", "\\|") + "`";
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells).replace("|  |", "| |") + " |\n";
  }
}
