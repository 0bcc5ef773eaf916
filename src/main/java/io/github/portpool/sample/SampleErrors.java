package io.github.portpool.sample;

import io.github.portpool.source.SourceException.Reason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Failed attempts by reason; for one thread. */
final class SampleErrors {
  private final Map<String, Long> counts = new LinkedHashMap<>();

  SampleErrors() {
    for (Reason reason : Reason.values()) {
      counts.put(reason.label(), 0L);
    }
  }

  void count(Reason reason) {
    counts.merge(reason.label(), 1L, Long::sum);
  }

  /** The counts by the reasons' labels, as they are now. */
  Map<String, Long> labelled() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }
}
