package io.github.portpool.snapshot;

import java.util.Locale;

/** One of a few things that metrics, JSON and pages name alike. */
public interface Labelled {
  /** The name of the constant in Java. */
  String name();

  /** The same in lower case, for example {@code time_wait}. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
