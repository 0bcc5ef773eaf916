package io.github.portpool.export.text;

/** Sentences as lines that fit a terminal. */
public final class Wrap {
  private Wrap() {}

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
