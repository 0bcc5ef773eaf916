package io.github.portpool.export.text;

import io.github.portpool.snapshot.Headroom;
import java.util.Locale;

/** The used share of a pool in percent. */
final class Percent {
  private Percent() {}

  /** From 0 to 1; a pool without ports is used up. */
  static double share(Headroom headroom) {
    int capacity = headroom.used() + headroom.free();
    return capacity == 0 ? 1 : (double) headroom.used() / capacity;
  }

  /** With one decimal, rounded down, so that 100 is said only where nothing is left. */
  static String of(Headroom headroom) {
    return String.format(Locale.ROOT, "%.1f", Math.floor(share(headroom) * 1000) / 10);
  }
}
