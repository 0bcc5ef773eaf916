package io.github.portpool.host;

import java.util.Locale;

/** A number of things, as English says it. */
public final class Count {
  private Count() {}

  /** {@code 1 port}, {@code 2,000 ports}. */
  public static String of(int number, String thing) {
    return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
  }
}
