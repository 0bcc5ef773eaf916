package io.github.portpool.host;

/** A number of things, as English says it. */
public final class Count {
  private Count() {}

  /** {@code 1 port}, {@code 2,000 ports}. */
  public static String of(int number, String thing) {
    return "%,d %s%s".formatted(number, thing, number == 1 ? "" : "s");
  }
}
