package io.github.portpool.cli;

import io.github.portpool.export.text.Style;
import java.io.Console;
import java.util.Map;

/**
 * What standard output leads to.
 *
 * @param interactive whether it is a terminal that understands escape sequences
 * @param style with colours where it is and nobody minds: https://no-color.org
 * @param width its columns, by the variable COLUMNS or by the terminal, else 80
 */
record Terminal(boolean interactive, Style style, int width) {
  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 60;
  private static final int WIDEST = 400;

  /** Standard output of this process. */
  @SuppressWarnings("SystemConsoleNull") // it is null again where the JDK's default is java.base's
  static Terminal current() {
    Console console = System.console();
    Terminal terminal = of(console != null && console.isTerminal(), System.getenv());
    return System.getenv("COLUMNS") == null ? terminal.resized() : terminal;
  }

  /** The same with the width that it has now, where it is a terminal that says so. */
  private Terminal resized() {
    return interactive ? with(Stty.size()) : this;
  }

  /** The same of a size. */
  Terminal with(Stty.Size size) {
    return size.columns() == 0
        ? this
        : new Terminal(interactive, style, Math.clamp(size.columns(), NARROWEST, WIDEST));
  }

  /** A terminal or a file or pipe, in some environment. */
  static Terminal of(boolean terminal, Map<String, String> environment) {
    boolean interactive = terminal && !environment.getOrDefault("TERM", "").equals("dumb");
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    String columns = environment.getOrDefault("COLUMNS", "");
    int width =
        columns.matches("\\d{1,4}")
            ? Math.clamp(Integer.parseInt(columns), NARROWEST, WIDEST)
            : USUAL_WIDTH;
    return new Terminal(interactive, colour ? Style.COLOUR : Style.PLAIN, width);
  }
}
