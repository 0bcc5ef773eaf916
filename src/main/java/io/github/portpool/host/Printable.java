package io.github.portpool.host;

/** Text that strangers chose, such as the name of a process, made fit to be shown on one line. */
public final class Printable {
  private Printable() {}

  /**
   * A text without control characters, each escaped as {@code \}{@code u00XX}, and of at most
   * {@code most} characters: a longer one is cut and ends with an ellipsis.
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

  private static String escaped(int codePoint) {
    return Character.isISOControl(codePoint)
        ? "\\u%04x".formatted(codePoint)
        : Character.toString(codePoint);
  }
}
