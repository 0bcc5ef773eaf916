package io.github.portpool.export.text;

import io.github.portpool.host.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of aligned columns, a line for each row: whatever a cell holds, it stays on its line and
 * sends nothing to the terminal but what can be read. A column without any text is left out, header
 * and all; lines are not wrapped.
 *
 * <p>Characters are counted, so that a text of wide ones moves the rest of its line.
 */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String> headers;
  private final Set<String> right = new HashSet<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** A table of columns; one without any header has no header row. */
  public TextTable(String... headers) {
    this.headers = List.of(headers);
  }

  /** Aligns the texts of columns, by their headers, at the right. */
  public TextTable right(String... columns) {
    right.addAll(List.of(columns));
    return this;
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException when it has not a cell for each column
   */
  public TextTable row(String... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + headers.size() + " columns");
    }
    rows.add(Stream.of(cells).map(Printable::oneLine).toList());
    return this;
  }

  /** The headers of the columns that have text; empty ones where the table has no header row. */
  public List<String> headers() {
    return shown(widths(), headers);
  }

  /** The cells of the columns that have text, row by row. */
  public List<List<String>> rows() {
    int[] widths = widths();
    return rows.stream().map(row -> shown(widths, row)).toList();
  }

  private static List<String> shown(int[] widths, List<String> cells) {
    return IntStream.range(0, widths.length)
        .filter(column -> widths[column] > 0)
        .mapToObj(cells::get)
        .toList();
  }

  /** Writes the lines, each after an indent and with a line feed. */
  public void writeTo(StringBuilder text, String indent) {
    int[] widths = widths();
    if (headers.stream().anyMatch(header -> !header.isEmpty())) {
      line(text, indent, widths, headers);
    }
    rows.forEach(row -> line(text, indent, widths, row));
  }

  /** The widths of the columns, 0 for one that is left out. */
  private int[] widths() {
    int[] widths = new int[headers.size()];
    for (int column = 0; column < widths.length; column++) {
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
      if (widths[column] > 0) {
        widths[column] = Math.max(widths[column], width(headers.get(column)));
      }
    }
    return widths;
  }

  private void line(StringBuilder text, String indent, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder(indent);
    String gap = "";
    for (int column = 0; column < widths.length; column++) {
      if (widths[column] > 0) {
        String cell = cells.get(column);
        String padding = " ".repeat(widths[column] - width(cell));
        line.append(gap);
        line.append(right.contains(headers.get(column)) ? padding + cell : cell + padding);
        gap = GAP;
      }
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
