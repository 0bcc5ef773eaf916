package io.github.portpool.sample;

import java.time.Duration;

/** Somebody who wants to know that sampling goes on; called on the thread that samples. */
public interface SampleWatch {
  /** Nobody. */
  SampleWatch NOBODY = new SampleWatch() {};

  /** How long it may take at most, while nothing is stuck, until it hears again. */
  default Duration pulse() {
    return Duration.ofDays(1);
  }

  /** The thread goes on: it has done a part of a sample, or waits for the next one. */
  default void alive() {}

  /** An attempt at a sample has ended, well or not. */
  default void sampled(SampleReport report) {}
}
