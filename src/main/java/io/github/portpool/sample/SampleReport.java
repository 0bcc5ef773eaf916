package io.github.portpool.sample;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sampling goes: the last good snapshot, and what came of the last attempt.
 *
 * @param lastGood the last good snapshot, null before the first
 * @param success whether the last attempt was good
 * @param message what the last attempt failed with, empty when it was good
 * @param durationSeconds the wall time of the last attempt
 * @param cpuSecondsTotal the CPU time of all attempts
 * @param intervalSeconds the time from the start of the last attempt to the next
 * @param errors the failed attempts by reason; every reason is there
 */
public record SampleReport(
    @Nullable Snapshot lastGood,
    boolean success,
    String message,
    double durationSeconds,
    double cpuSecondsTotal,
    double intervalSeconds,
    Map<String, Long> errors) {}
