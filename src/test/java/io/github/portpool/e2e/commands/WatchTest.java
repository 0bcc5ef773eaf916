package io.github.portpool.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.Await;
import io.github.portpool.MostlyWaits;
import io.github.portpool.cli.FallsOver;
import io.github.portpool.e2e.Golden;
import io.github.portpool.e2e.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code portpool status --watch} on a terminal. */
@MostlyWaits
class WatchTest {
  private static final String KEYS = "q quits; order by w worst, d destination, s source";
  private static final String FIRST = "127.0.0.1:80 from";

  private static EmulatedTerminal watch(int columns, int rows) throws Exception {
    EmulatedTerminal terminal =
        new EmulatedTerminal(
            columns,
            rows,
            Program.process("status", "--watch=200ms", "--source=replay:" + Golden.RECORDING));
    terminal.await(KEYS);
    assertTrue(terminal.isAlternate());
    return terminal;
  }

  private static void assertAsBefore(EmulatedTerminal terminal, String code) throws Exception {
    terminal.await("code " + code);
    assertFalse(terminal.isAlternate());
    String screen = String.join(" ", terminal.screen());
    assertTrue(screen.contains("before"), screen);
    assertFalse(screen.contains("portpool status"), screen);
    terminal.await(" iexten");
    screen = String.join(" ", terminal.screen());
    assertTrue(screen.matches("(?s).*[ ;]icanon .*[ ;]echo .*"), screen);
    assertTrue(screen.contains("susp = ^Z;"), screen);
    String written = terminal.written();
    assertTrue(written.indexOf("\u001b[?25h") > written.indexOf("\u001b[?25l"), "the cursor");
    assertTrue(written.indexOf("\u001b[?7h") > written.indexOf("\u001b[?7l"), "wrapping");
  }

  @Test
  void keysOrderAndEndIt() throws Exception {
    try (EmulatedTerminal terminal = watch(80, 30)) {
      assertTrue(
          destinations(terminal).getFirst().startsWith(FIRST), destinations(terminal)::toString);
      terminal.press("d");
      Await.until(
          "they are in order of destinations",
          () -> {
            List<String> now = destinations(terminal);
            return !now.getFirst().startsWith(FIRST) && now.equals(now.stream().sorted().toList());
          });
      terminal.press("w");
      Await.until(
          "the worst is first again", () -> destinations(terminal).getFirst().startsWith(FIRST));
      terminal.press("q");
      assertAsBefore(terminal, "0");
    }
  }

  private static List<String> destinations(EmulatedTerminal terminal) throws Exception {
    Pattern from = Pattern.compile("^  (\\S+ from \\S+) ");
    return terminal.screen().stream()
        .map(from::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalLeavesTheTerminalAsItWas(String signal) throws Exception {
    try (EmulatedTerminal terminal = watch(80, 24)) {
      long pid = terminal.process().pid();
      assertEquals(
          0, Program.run(new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))).exitCode());
      assertAsBefore(terminal, "0");
    }
  }

  @Test
  void controlCLeavesTheTerminalAsItWas() throws Exception {
    try (EmulatedTerminal terminal = watch(80, 24)) {
      terminal.press("C-z", "x", "C-c");
      assertAsBefore(terminal, "0");
    }
  }

  @ParameterizedTest
  @CsvSource({"80, 20", "60, 26", "60, 10", "200, 50"})
  void thePageFits(int columns, int rows) throws Exception {
    try (EmulatedTerminal terminal = watch(columns, rows)) {
      List<String> screen = terminal.screen();
      assertTrue(screen.getFirst().startsWith("portpool status OK at "), screen::toString);
      assertTrue(
          screen.stream().anyMatch(line -> line.contains("free toward the worst")),
          screen::toString);
      List<String> shown = screen.stream().filter(line -> !line.isBlank()).toList();
      assertEquals(KEYS, shown.getLast());
      if (rows > 20) {
        assertEquals(
            4, screen.stream().filter(line -> line.contains("[#")).count(), screen::toString);
        assertTrue(
            String.join(" ", shown).contains("Not seen (--json says why)"), screen::toString);
      }
      int widest = shown.stream().mapToInt(String::length).max().orElseThrow();
      assertTrue(widest <= columns && widest > columns - 25, widest + " columns");
    }
  }

  @Test
  void anExceptionLeavesTheTerminalAsItWas() throws Exception {
    List<String> command = new ArrayList<>(Program.process().command());
    command.set(command.size() - 1, FallsOver.class.getName());
    try (EmulatedTerminal terminal = new EmulatedTerminal(80, 24, new ProcessBuilder(command))) {
      assertAsBefore(terminal, "1");
      assertTrue(terminal.written().contains("a page"), terminal.written());
    }
  }

  @Test
  void itFollowsTheSizeAndDoesNotFlicker() throws Exception {
    try (EmulatedTerminal terminal = watch(80, 24)) {
      terminal.resize(120, 40);
      Await.until(
          "it is wider",
          () -> terminal.screen().stream().anyMatch(line -> line.strip().length() > 100));
      terminal.press("q");
      assertAsBefore(terminal, "0");
      String written = terminal.written();
      String frames =
          written.substring(written.indexOf("\u001b[?1049h"), written.indexOf("\u001b[?1049l"));
      assertTrue(frames.split("\u001b\\[H", -1).length > 2, "some pages");
      // Nothing is erased before it is written anew.
      assertFalse(frames.contains("\u001b[2J") || frames.contains("\u001b[H\u001b[J"), frames);
      assertFalse(Pattern.compile("\u001b\\[K[^\r\u001b]").matcher(frames).find(), frames);
    }
  }
}
