package io.github.portpool.source;

import io.github.portpool.snapshot.Feature;
import java.util.EnumMap;
import java.util.Map;

/** A part of a host that is read, as far as the host lets one. Used by one thread at a time. */
@FunctionalInterface
public interface HostPart extends AutoCloseable {
  /**
   * What cannot be seen, each with one sentence that says why and what cures it. A feature that is
   * not in the map is available.
   */
  Map<Feature, String> unavailable();

  /** Closes what is open; many a part has nothing open. */
  @Override
  default void close() {}

  /** What some parts cannot see, as it is now; of two reasons the last part's counts. */
  static Map<Feature, String> unavailable(HostPart... parts) {
    Map<Feature, String> all = new EnumMap<>(Feature.class);
    for (HostPart part : parts) {
      all.putAll(part.unavailable());
    }
    return all;
  }
}
