package io.github.portpool.snapshot;

/**
 * How many ports a client can and cannot use, in ports: {@code used + free} is the capacity of the
 * pool.
 *
 * @param used ports that {@code connect()} cannot use: the blocked ones and the group's own
 * @param free how many more {@code connect()} calls succeed
 */
public record Headroom(int used, int free) {
  /** The number of ports in the pool. */
  public int capacity() {
    return used + free;
  }

  /** The share of them that is used, 1 where there are none. */
  public double share() {
    return capacity() == 0 ? 1 : (double) used / capacity();
  }

  /** Whether {@code connect()} has become slow: it tries the ports of one parity first. */
  public boolean slow() {
    return used > free;
  }

  /** Whether {@code connect()} fails. */
  public boolean exhausted() {
    return free == 0;
  }
}
