package io.github.portpool.cli;

import java.io.PrintWriter;
import java.util.List;

/** A program that fails while it has all of the terminal. */
public final class FallsOver {
  private FallsOver() {}

  /** Shows a page, and throws. */
  public static void main(String[] arguments) {
    try (Screen screen = new Screen(new PrintWriter(System.out, false))) {
      screen.show(List.of("a page"), screen.size());
      throw new IllegalStateException("as was to be shown");
    }
  }
}
