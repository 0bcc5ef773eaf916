package io.github.portpool.table;

import java.util.Locale;

/** One of the three port ranges of RFC 6335, section 6. */
public enum IanaRange {
  WELL_KNOWN(0, 1023),
  REGISTERED(1024, 49151),
  DYNAMIC(49152, 65535);

  private final int first;
  private final int last;

  IanaRange(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** The lowest port of the range. */
  public int first() {
    return first;
  }

  /** The highest port of the range. */
  public int last() {
    return last;
  }

  /** The lower-case name: {@code well_known}, {@code registered}, {@code dynamic}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The range that a port lies in. */
  public static IanaRange of(int port) {
    return port <= WELL_KNOWN.last ? WELL_KNOWN : port <= REGISTERED.last ? REGISTERED : DYNAMIC;
  }
}
