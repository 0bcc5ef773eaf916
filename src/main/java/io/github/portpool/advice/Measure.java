package io.github.portpool.advice;

import io.github.portpool.snapshot.Headroom;

/**
 * One way of running out of ports, and how close it is.
 *
 * @param name the name of what is used in performance data, for example {@code udp_used}
 * @param headroom in ports
 * @param exact whether the headroom is not just an upper bound
 * @param what for whom the free ports are, for example {@code for UDP}
 * @param where the address that it is about, or empty
 */
public record Measure(String name, Headroom headroom, boolean exact, String what, String where) {
  /** What is left, in words: {@code at most 7 of 100 ports}. */
  public String left() {
    return free(headroom.free(), exact) + " of %d ports".formatted(capacity());
  }

  /** Free ports in words: {@code at most 7} where that is an upper bound. */
  public static String free(int free, boolean exact) {
    return (exact || free == 0 ? "" : "at most ") + free;
  }

  /** The number of ports in the pool. */
  public int capacity() {
    return headroom.capacity();
  }

  /** The share of it that is used, 1 where it is empty. */
  public double share() {
    return headroom.share();
  }
}
