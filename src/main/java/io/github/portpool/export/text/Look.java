package io.github.portpool.export.text;

/**
 * How a page of {@code portpool status} looks.
 *
 * @param host the name of the host that it is about, empty where nobody knows
 * @param width columns of the terminal, 60 or more; names are cut so that no line is longer
 * @param order of the destinations
 * @param rows how many lines there is room for: empty ones go first, then destinations
 */
public record Look(String host, Style style, int width, Order order, int rows) {
  /** For a page that may be as long as it wants. */
  public static Look of(String host, Style style, int width) {
    return new Look(host, style, width, Order.WORST, Integer.MAX_VALUE);
  }

  /** The same in another order, in so many lines or one. */
  public Look with(Order other, int lines) {
    return new Look(host, style, width, other, Math.max(1, lines));
  }
}
