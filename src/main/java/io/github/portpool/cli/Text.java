package io.github.portpool.cli;

/** Text from elsewhere, made fit for a line of a terminal or a log. */
final class Text {
  private Text() {}

  /** The text with everything that could end the line or move the cursor written as escapes. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          int type = Character.getType(point);
          boolean plain =
              type != Character.CONTROL
                  && type != Character.FORMAT
                  && type != Character.LINE_SEPARATOR
                  && type != Character.PARAGRAPH_SEPARATOR
                  && type != Character.SURROGATE;
          if (plain) {
            line.appendCodePoint(point);
          } else {
            line.append("\\u%04x".formatted(point));
          }
        });
    return line.toString();
  }
}
