package io.github.portpool.pool;

/**
 * How many ports a client can and cannot use, in ports: {@code used + free} is the capacity of the
 * pool.
 *
 * @param used ports that {@code connect()} cannot use: the blocked ones and the group's own
 * @param free how many more {@code connect()} calls succeed
 */
public record Headroom(int used, int free) {
  /** The headroom of a group whose sockets take {@code own} ports of a pool. */
  static Headroom of(int capacity, int blocked, int own) {
    int used = Math.min(capacity, blocked + own);
    return new Headroom(used, capacity - used);
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
