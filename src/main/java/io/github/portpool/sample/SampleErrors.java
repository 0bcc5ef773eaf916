package io.github.portpool.sample;

import io.github.portpool.source.SourceException.Reason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Failed attempts by reason; for one thread. */
final class SampleErrors {
  private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

  SampleErrors() {
    for (Reason reason : Reason.values()) {
      counts.put(reason, 0L);
    }
  }

  void count(Reason reason) {
    counts.merge(reason, 1L, Long::sum);
  }

  /** The counts by the reasons' labels. */
  Map<String, Long> labelled() {
    Map<String, Long> labelled = new LinkedHashMap<>();
    counts.forEach((reason, count) -> labelled.put(reason.label(), count));
    return Collections.unmodifiableMap(labelled);
  }
}
