package io.github.portpool.grafana;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What grafana/runbook.md sends people to is there. */
class RunbookTest {
  private static final Path RUNBOOK = Path.of("grafana/runbook.md");
  private static final Pattern CHAPTER =
      Pattern.compile("^## .*?(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PANELS =
      Pattern.compile("[Pp]anels? (\"[^\"]+\"(?: and \"[^\"]+\")*)");
  private static final Pattern TITLE = Pattern.compile("\"([^\"]+)\"");
  private static final Pattern COMMAND = Pattern.compile("`portpool ([a-z]+)");
  private static final Set<String> COMMANDS = Set.of("who", "status", "check", "doctor");

  @Test
  void everyPanelIsOnTheHostDashboard() throws IOException {
    List<String> titles =
        Dashboard.all().getFirst().panels().stream()
            .map(panel -> panel.get("title").getAsString())
            .toList();
    List<String> named = panels(Files.readString(RUNBOOK));
    assertTrue(named.size() > 10, named::toString);
    for (String name : named) {
      assertTrue(titles.stream().anyMatch(title -> title.startsWith(name)), name);
    }
  }

  private static List<String> panels(String text) {
    return PANELS
        .matcher(text)
        .results()
        .flatMap(found -> TITLE.matcher(found.group(1)).results())
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void everyCommandIsOneOfPortpools() throws IOException {
    Set<String> named =
        COMMAND
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    assertTrue(COMMANDS.containsAll(named), named::toString);
    assertTrue(named.containsAll(COMMANDS), named::toString);
  }

  @Test
  void everyChapterSaysWhereToLook() throws IOException {
    List<String> chapters =
        CHAPTER.matcher(Files.readString(RUNBOOK)).results().map(MatchResult::group).toList();
    assertTrue(chapters.size() >= 14, chapters::toString);
    for (String chapter : chapters) {
      boolean aimed = !panels(chapter).isEmpty() || chapter.contains("as for [");
      assertTrue(aimed || chapter.startsWith("## PortpoolAgentDown"), chapter);
    }
  }
}
