package io.github.portpool.export.text;

import java.util.stream.Collectors;

/** Sentences as lines that fit a terminal. */
public final class Wrap {
  private static final String GAP = "  ";

  private Wrap() {}

  /** A page whose sentences and facts are wrapped; rows of tables are not. */
  public static String page(String page, int columns) {
    return page.lines().map(line -> line(line, columns)).collect(Collectors.joining());
  }

  /** Names have what is so behind a gap; rows of tables have more gaps. */
  private static String line(String line, int columns) {
    int gap = line.indexOf(GAP, line.length() - line.stripLeading().length());
    String name =
        gap < 0
            ? ""
            : line.substring(0, line.length() - line.substring(gap).stripLeading().length());
    boolean row = gap >= 0 && line.indexOf(GAP, name.length()) >= 0;
    if (row || line.length() <= columns) {
      return line + "\n";
    }
    String rest = name.isEmpty() ? GAP : " ".repeat(name.length());
    return of(line.substring(name.length()), name, rest, columns);
  }

  /**
   * A text in lines of at most some columns, broken between words; a word that is longer stays
   * whole. The first line begins with {@code first}, the others with {@code rest}; each ends with a
   * line feed.
   */
  public static String of(String text, String first, String rest, int columns) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > columns) {
        lines.append(line).append('\n');
        line = new StringBuilder(rest);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    return lines.append(line).append('\n').toString();
  }
}
