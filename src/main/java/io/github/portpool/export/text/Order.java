package io.github.portpool.export.text;

import io.github.portpool.sample.TightDestination;
import java.util.Comparator;

/** What the destinations of a page are ordered by. */
public enum Order {
  WORST,
  DESTINATION,
  SOURCE;

  Comparator<TightDestination> comparator() {
    return switch (this) {
      case WORST -> Comparator.comparingDouble(TightDestination::share).reversed();
      case DESTINATION -> Comparator.comparing(each -> each.usage().destination());
      case SOURCE -> Comparator.comparing(each -> each.usage().source());
    };
  }
}
