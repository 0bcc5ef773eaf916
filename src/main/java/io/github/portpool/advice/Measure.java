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
    int free = headroom.free();
    return "%s%d of %d ports".formatted(exact || free == 0 ? "" : "at most ", free, capacity());
  }

  /** The number of ports in the pool. */
  public int capacity() {
    return headroom.used() + headroom.free();
  }

  /** The share of it that is used, 1 where it is empty. */
  public double share() {
    return capacity() == 0 ? 1 : (double) headroom.used() / capacity();
  }
}
