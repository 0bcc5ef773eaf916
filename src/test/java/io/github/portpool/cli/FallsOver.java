package io.github.portpool.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that fails while it has all of the terminal. */
public final class FallsOver {
  private FallsOver() {}

  /** Shows a page, and throws. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    try (Screen screen = new Screen(out)) {
      screen.show(List.of("a page"), screen.size());
      throw new IllegalStateException("as was to be shown");
    }
  }
}
