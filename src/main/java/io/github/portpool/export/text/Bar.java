package io.github.portpool.export.text;

/** A share as a bar of characters. */
final class Bar {
  private Bar() {}

  /**
   * A bar of some characters between brackets; it is empty and full only where the share is 0 and
   * 1.
   */
  static String of(double share, int characters) {
    int filled =
        share <= 0
            ? 0
            : share >= 1 ? characters : Math.clamp((int) (share * characters), 1, characters - 1);
    return "[" + "#".repeat(filled) + ".".repeat(characters - filled) + "]";
  }
}
