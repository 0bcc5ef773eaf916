package io.github.portpool.export.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TextTableTest {
  private static String text(TextTable table, String indent) {
    StringBuilder text = new StringBuilder();
    table.writeTo(text, indent);
    return text.toString();
  }

  @Test
  void alignsColumnsAndLeavesEmptyOnesOut() {
    TextTable table =
        new TextTable("NAME", "EMPTY", "PID", "NOTE")
            .right("PID")
            .row("a", "", "1", "")
            .row("longer", "", "12345", "x y");
    assertEquals(
        """
        NAME      PID  NOTE
        a           1
        longer  12345  x y
        """,
        text(table, ""));
  }

  @Test
  void aTableWithoutHeadersHasRowsAlone() {
    TextTable table = new TextTable("", "").row("a", "b").row("cc", "d");
    assertEquals("  a   b\n  cc  d\n", text(table, "  "));
  }

  @Test
  void aTableWithoutRowsIsEmpty() {
    assertEquals("\n", text(new TextTable("NAME"), ""));
  }

  @Test
  void whateverACellHoldsStaysOnItsLine() {
    TextTable table =
        new TextTable("NAME", "B").row("a\n\u001b[31m\u202e\u2028", "b").row("\ud83d\ude80", "c");
    assertEquals(
        """
        NAME                           B
        a\\u000a\\u001b[31m\\u202e\\u2028  b
        🚀                              c
        """,
        text(table, ""));
  }

  @Test
  void aRowHasACellForEachColumn() {
    TextTable table = new TextTable("NAME");
    assertThrows(IllegalArgumentException.class, () -> table.row("a", "b"));
  }
}
