package io.github.portpool.sample;

import io.github.portpool.table.Feature;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sampling goes: the last good snapshot, and what came of the last attempt.
 *
 * @param source the name of the source
 * @param netns the network namespace that is sampled
 * @param unavailable what cannot be seen here, each with the reason and the cure
 * @param lastGood the last good snapshot, null before the first
 * @param success whether the last attempt was good
 * @param message what the last attempt failed with, empty when it was good
 * @param durationSeconds the wall time of the last attempt
 * @param cpuSecondsTotal the CPU time of all attempts
 * @param intervalSeconds the time from the start of the last attempt to the next
 * @param errors the failed attempts by reason; every reason is there
 */
public record SampleReport(
    String source,
    String netns,
    Map<Feature, String> unavailable,
    @Nullable Snapshot lastGood,
    boolean success,
    String message,
    double durationSeconds,
    double cpuSecondsTotal,
    double intervalSeconds,
    Map<String, Long> errors) {

  /** Whether a feature is available. */
  public boolean available(Feature feature) {
    return !unavailable.containsKey(feature);
  }
}
