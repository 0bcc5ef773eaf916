package io.github.portpool.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.cli.PortpoolCommand;
import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Documents name what exists, and lead to where they say. */
class DocumentsTest {
  private static final int README_BYTES = 9000;
  private static final int README_COLUMNS = 120;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("(?<!`)`([^`\n]+)`(?!`)");
  private static final Pattern FENCE = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][\\w.-]*");
  private static final Pattern METRIC = Pattern.compile("\\bportpool_[a-z_]+\\b(?![*.])");
  private static final Pattern PATH =
      Pattern.compile("(?:src|deploy|grafana|systemd|\\.ci|\\.github)/[\\w./-]+");
  private static final Pattern COMMAND = Pattern.compile("^(?:\\./)?portpool ([a-z-]+)");
  private static final Pattern MAKE = Pattern.compile("^make ([a-z]+)\\b");

  /** Options of other programs. */
  private static final Set<String> FOREIGN =
      Set.of(
          "--add-modules",
          "--build-arg",
          "--dst",
          "--enable-native-access",
          "--env",
          "--net",
          "--now",
          "--set",
          "--set-string",
          "--system");

  static List<Path> documents() throws IOException {
    List<Path> all = new ArrayList<>();
    all.addAll(in(Path.of("")));
    all.addAll(in(Path.of("src/docs")));
    all.addAll(List.of(Path.of("src/DECISIONS.md"), Path.of("deploy/README.md")));
    all.addAll(in(Path.of("grafana")));
    return all;
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void theReadmeIsShort() throws IOException {
    Path readme = Path.of("README.md");
    assertTrue(Files.size(readme) <= README_BYTES, () -> "the README is too long");
    List<String> wide =
        Files.readAllLines(readme).stream().filter(line -> line.length() > README_COLUMNS).toList();
    assertEquals(List.of(), wide);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    for (String link : matches(LINK, Files.readString(document), 1)) {
      if (link.matches("[a-z]+:.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path base = document.getParent() == null ? Path.of("") : document.getParent();
      Path target = parts[0].isEmpty() ? document : base.resolve(parts[0]).normalize();
      assertTrue(Files.exists(target), () -> document + ": " + link);
      if (parts.length > 1) {
        assertTrue(anchors(target).contains(parts[1]), () -> document + ": " + link);
      }
    }
  }

  private static Set<String> anchors(Path document) throws IOException {
    return FENCE
        .matcher(Files.readString(document))
        .replaceAll("")
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line ->
            line.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesExist(Path document) throws IOException {
    String text = Files.readString(document);
    Set<String> unknown = new TreeSet<>();
    for (String code : matches(CODE, FENCE.matcher(text).replaceAll(""), 1)) {
      unknown.addAll(without(matches(FLAG, code, 0), flags()));
      matches(PATH, code, 0).stream()
          .filter(path -> code.startsWith(path) && Files.notExists(Path.of(path)))
          .forEach(unknown::add);
      unknown.addAll(without(matches(COMMAND, code, 1), commands()));
      unknown.addAll(without(matches(MAKE, code, 1), targets()));
    }
    unknown.addAll(without(matches(METRIC, text, 0), metrics()));
    assertEquals(Set.of(), unknown, document.toString());
  }

  private static List<String> matches(Pattern pattern, String text, int group) {
    return pattern.matcher(text).results().map((MatchResult it) -> it.group(group)).toList();
  }

  private static Set<String> without(List<String> named, Set<String> known) {
    Set<String> unknown = new TreeSet<>(named);
    unknown.removeAll(known);
    return unknown;
  }

  private static Set<String> commands() {
    return new CommandLine(new PortpoolCommand()).getSubcommands().keySet();
  }

  private static Set<String> flags() {
    CommandLine root = new CommandLine(new PortpoolCommand());
    Set<String> names = new TreeSet<>(FOREIGN);
    Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
        .forEach(each -> names.addAll(each.getCommandSpec().optionsMap().keySet()));
    return names;
  }

  private static Set<String> metrics() {
    return MetricTable.FAMILIES.stream().map(MetricFamily::name).collect(Collectors.toSet());
  }

  private static Set<String> targets() throws IOException {
    Set<String> targets =
        new TreeSet<>(
            matches(
                Pattern.compile("^([a-z]+):", Pattern.MULTILINE),
                Files.readString(Path.of("Makefile")),
                1));
    assertFalse(targets.isEmpty());
    return targets;
  }
}
