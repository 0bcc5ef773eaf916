package io.github.portpool.host;

import java.util.Locale;

/** Text that strangers chose, such as the name of a process, made fit to be shown on one line. */
public final class Printable {
  private Printable() {}

  /**
   * A text without what could end the line, move the cursor or turn the direction of writing, each
   * escaped as {@code \}{@code u00XX}, and of at most {@code most} characters: a longer one is cut
   * and ends with an ellipsis.
   */
  public static String of(String text, int most) {
    StringBuilder printable = new StringBuilder(Math.min(text.length(), most));
    for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
      String next = escaped(text.codePointAt(at));
      boolean last = at + Character.charCount(text.codePointAt(at)) == text.length();
      if (printable.length() + next.length() > (last ? most : most - 1)) {
        return printable.append('…').toString();
      }
      printable.append(next);
    }
    return printable.toString();
  }

  /** The whole text without anything that could end the line or move the cursor. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(point -> line.append(escaped(point)));
    return line.toString();
  }

  private static String escaped(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          String.format(Locale.ROOT, "\\u%04x", codePoint);
      default -> Character.toString(codePoint);
    };
  }
}
