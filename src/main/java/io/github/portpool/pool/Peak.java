package io.github.portpool.pool;

import java.util.ArrayDeque;

/**
 * The highest value within a sliding window of time.
 *
 * <p>Keeps only values that can still become the highest. Used by one thread.
 */
public final class Peak {
  private record Value(long nanos, int value) {}

  private final long windowNanos;
  private final ArrayDeque<Value> falling = new ArrayDeque<>();

  /** An empty window of a length in nanoseconds. */
  public Peak(long windowNanos) {
    this.windowNanos = windowNanos;
  }

  /**
   * Adds a value and returns the highest of the window that ends with it.
   *
   * @param nanos a monotonic time that never goes back
   */
  public int add(long nanos, int value) {
    while (!falling.isEmpty() && falling.getLast().value() <= value) {
      falling.removeLast();
    }
    falling.addLast(new Value(nanos, value));
    while (nanos - falling.getFirst().nanos() > windowNanos) {
      falling.removeFirst();
    }
    return falling.getFirst().value();
  }
}
