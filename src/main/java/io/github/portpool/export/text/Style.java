package io.github.portpool.export.text;

/** How a page looks: in plain text, or with the colours that terminals have (ECMA-48, SGR). */
public enum Style {
  PLAIN,
  COLOUR;

  private static final int BOLD = 1;
  private static final int RED = 31;
  private static final int GREEN = 32;
  private static final int YELLOW = 33;

  /** What a page or a part of it is about. */
  String title(String text) {
    return with(BOLD, text);
  }

  /** What is as it should be. */
  String good(String text) {
    return with(GREEN, text);
  }

  /** What wants attention. */
  String warning(String text) {
    return with(YELLOW, text);
  }

  /** What has failed, or will. */
  String bad(String text) {
    return with(RED, text);
  }

  private String with(int code, String text) {
    return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
