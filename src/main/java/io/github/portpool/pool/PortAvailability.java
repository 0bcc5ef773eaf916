package io.github.portpool.pool;

import java.util.Locale;

/**
 * Whether {@code connect()} or {@code bind()} to port 0 may be given a port of one protocol now.
 */
public enum PortAvailability {
  /** It lies outside the live range: only a program that names it gets it. */
  OUTSIDE_RANGE,
  /** It lies in the live range and is reserved: only a program that names it gets it. */
  RESERVED,
  /** A socket has closed it to every {@code connect()}. */
  CLOSED,
  /** Connections hold it: {@code connect()} may be given it toward other destinations. */
  SHARED,
  /** Nothing holds it: anybody may be given it. */
  FREE;

  /** The lower-case name, for example {@code outside_range}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether {@code connect()} may be given it, be it not toward every destination. */
  public boolean connectable() {
    return this == SHARED || this == FREE;
  }
}
