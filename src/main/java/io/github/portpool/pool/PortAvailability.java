package io.github.portpool.pool;

import io.github.portpool.table.EphemeralRange;
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

  /**
   * The availability of a port by what is on it: {@code __inet_hash_connect()} passes over a bind
   * bucket that {@code bind()} made, and shares the others.
   *
   * @param held whether any socket of the protocol is on it
   * @param closed whether one of them is known to close it to every {@code connect()}
   */
  public static PortAvailability of(EphemeralRange range, int port, boolean held, boolean closed) {
    if (!range.contains(port)) {
      return OUTSIDE_RANGE;
    }
    if (!range.allocates(port)) {
      return RESERVED;
    }
    return closed ? CLOSED : held ? SHARED : FREE;
  }

  /** The lower-case name, for example {@code outside_range}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether {@code connect()} may be given it, be it not toward every destination. */
  public boolean connectable() {
    return this == SHARED || this == FREE;
  }
}
