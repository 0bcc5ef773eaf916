package io.github.portpool.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.portpool.metrics.MetricFamily;
import io.github.portpool.metrics.MetricTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every metric that a shipped file names is one that the agent serves, or that a rule records. */
class MetricNamesTest {
  /** Names as they stand in any text; a file or a regular expression is not one. */
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w/.-])(?:[a-z_]+:)?portpool_[a-z_]+(?::[a-z_0-9]+)?(?![\\w*(-])");

  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b\\d[\\w.]*"
              + "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)"
              + "|\\b(?:and|or|sum|min|max|count|quantile)\\b|\\b[a-z_]+(?=\\s*\\()");
  private static final Pattern WORD = Pattern.compile("[a-zA-Z_][\\w:]*");

  @Test
  void whatTheFilesNameExists() throws Exception {
    Set<String> known = served();
    known.addAll(recorded());
    List<Path> files = new ArrayList<>(ShippedAlerts.files(ShippedAlerts.PROMETHEUS));
    files.addAll(ShippedAlerts.files(ShippedAlerts.GRAFANA));
    files.add(ShippedAlerts.RUNBOOK);
    Set<String> named = new TreeSet<>();
    for (Path file : files) {
      NAME.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(named::add);
    }
    assertFalse(named.isEmpty());
    named.removeAll(known);
    assertEquals(Set.of(), named);
  }

  @Test
  void expressionsUseThemAndUpAlone() throws Exception {
    Set<String> known = served();
    known.addAll(recorded());
    known.add("up");
    List<String> expressions = new ArrayList<>();
    ShippedAlerts.recordingRules().forEach(rule -> expressions.add(rule.text("expr")));
    for (Yaml rule : ShippedAlerts.prometheusAlerts().values()) {
      expressions.add(rule.text("expr"));
    }
    for (String expression : expressions) {
      Set<String> names = new HashSet<>();
      WORD.matcher(NO_METRIC.matcher(expression).replaceAll(" "))
          .results()
          .map(MatchResult::group)
          .forEach(names::add);
      assertFalse(names.isEmpty(), expression);
      names.removeAll(known);
      assertEquals(Set.of(), names, expression);
    }
  }

  private static Set<String> recorded() throws Exception {
    Set<String> names = new TreeSet<>();
    ShippedAlerts.recordingRules().forEach(rule -> names.add(rule.text("record")));
    return names;
  }

  private static Set<String> served() {
    return MetricTable.FAMILIES.stream()
        .map(MetricFamily::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
