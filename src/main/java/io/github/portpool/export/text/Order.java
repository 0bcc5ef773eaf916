package io.github.portpool.export.text;

import io.github.portpool.sample.TightDestination;
import java.util.Comparator;

/** What the destinations of a page are ordered by. */
public enum Order {
  WORST(Comparator.comparingDouble(TightDestination::share).reversed()),
  DESTINATION(Comparator.comparing((TightDestination each) -> each.usage().destination())),
  SOURCE(Comparator.comparing((TightDestination each) -> each.usage().source()));

  private final Comparator<TightDestination> comparator;

  Order(Comparator<TightDestination> comparator) {
    this.comparator = comparator;
  }

  Comparator<TightDestination> comparator() {
    return comparator;
  }
}
