package io.github.portpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.export.text.Style;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void coloursAreForTerminalsAlone() {
    assertEquals(new Terminal(true, Style.COLOUR, 80), Terminal.of(true, Map.of()));
    assertEquals(new Terminal(false, Style.PLAIN, 80), Terminal.of(false, Map.of()));
  }

  @Test
  void noColorIsRespectedUnlessItIsEmpty() {
    assertEquals(new Terminal(true, Style.PLAIN, 80), Terminal.of(true, Map.of("NO_COLOR", "1")));
    assertEquals(new Terminal(true, Style.COLOUR, 80), Terminal.of(true, Map.of("NO_COLOR", "")));
  }

  @Test
  void aDumbTerminalGetsNoEscapeSequences() {
    assertEquals(new Terminal(false, Style.PLAIN, 80), Terminal.of(true, Map.of("TERM", "dumb")));
  }

  @Test
  void theWidthIsThatOfTheTerminalWithinReason() {
    assertEquals(120, Terminal.of(true, Map.of("COLUMNS", "120")).width());
    assertEquals(80, Terminal.of(true, Map.of("COLUMNS", "wide")).width());
    assertEquals(60, Terminal.of(true, Map.of("COLUMNS", "1")).width());
    assertEquals(400, Terminal.of(true, Map.of("COLUMNS", "9999")).width());
  }
}
