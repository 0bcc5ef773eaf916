package io.github.portpool.advice;

/** A number of things, as English says it. */
final class Count {
  private Count() {}

  /** {@code 1 port}, {@code 2 ports}. */
  static String of(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
