package io.github.portpool.snapshot;

/** One of the three port ranges of RFC 6335, section 6. */
public enum IanaRange implements Labelled {
  WELL_KNOWN(
      0, 1023, "assigned by IANA to standard services; binding one takes a privilege on Linux"),
  REGISTERED(1024, 49151, "assigned by IANA on request; anybody may bind one"),
  DYNAMIC(
      49152,
      65535,
      "never assigned, for temporary use by anybody; Linux has an ephemeral range of its own instead");

  private final int first;
  private final int last;
  private final String purpose;

  IanaRange(int first, int last, String purpose) {
    this.first = first;
    this.last = last;
    this.purpose = purpose;
  }

  /** The lowest port of the range. */
  public int first() {
    return first;
  }

  /** The highest port of the range. */
  public int last() {
    return last;
  }

  /** What RFC 6335 calls its ports: each kind has two names. */
  public String title() {
    return switch (this) {
      case WELL_KNOWN -> "well-known (system) ports";
      case REGISTERED -> "registered (user) ports";
      case DYNAMIC -> "dynamic (private) ports";
    };
  }

  /** What its ports are for, in a few words. */
  public String purpose() {
    return purpose;
  }

  /** The range that a port lies in. */
  public static IanaRange of(int port) {
    return port <= WELL_KNOWN.last ? WELL_KNOWN : port <= REGISTERED.last ? REGISTERED : DYNAMIC;
  }
}
