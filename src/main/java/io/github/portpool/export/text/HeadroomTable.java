package io.github.portpool.export.text;

import io.github.portpool.advice.Thresholds;
import io.github.portpool.host.Printable;
import io.github.portpool.snapshot.Headroom;
import java.util.Locale;

/** Names with their headroom: a bar, the used share, used and free ports. */
final class HeadroomTable {
  private static final int NARROWEST_BAR = 16;
  private static final int WIDEST_BAR = 60;
  private static final int NUMBERS = 2 + 8 + 7 + 8;
  private static final int NARROWEST_NAME = 16;

  private final Style style;
  private final int bar;
  private final int name;

  /** A table whose names are cut so that it is no wider than some columns. */
  HeadroomTable(Style style, int width) {
    this.style = style;
    int both = width - 2 - NUMBERS;
    this.bar = Math.clamp((both - 21) / 2, NARROWEST_BAR, WIDEST_BAR);
    this.name = Math.max(NARROWEST_NAME, both - bar);
  }

  /** The line above the rows. */
  String title(String text) {
    int before = 2 + name + bar + 2 + 8;
    return style.title(("%-" + before + "s%7s%8s").formatted(text, "used", "free"));
  }

  /** One row. */
  String row(String text, Headroom headroom) {
    return ("  %-" + name + "s%s%7s%%%7d%8d")
        .formatted(
            Printable.of(text, name - 1),
            graded(style, headroom, Bar.of(headroom.share(), bar)),
            percent(headroom),
            headroom.used(),
            headroom.free());
  }

  /**
   * The used share in percent with one decimal, rounded down, so that 100 is said only where
   * nothing is left.
   */
  static String percent(Headroom headroom) {
    return String.format(Locale.ROOT, "%.1f", Math.floor(headroom.share() * 1000) / 10);
  }

  /** A text in the colour of how close it is, by the usual thresholds; expensive is a warning. */
  static String graded(Style style, Headroom headroom, String text) {
    return switch (Thresholds.USUAL.state(headroom)) {
      case CRITICAL, UNKNOWN -> style.bad(text);
      case WARNING -> style.warning(text);
      case OK -> headroom.slow() ? style.warning(text) : style.good(text);
    };
  }
}
