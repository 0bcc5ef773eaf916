package io.github.portpool.advice;

import java.time.Instant;

/**
 * When something began.
 *
 * @param time the sample that showed it first
 * @param orEarlier whether no sample came before that one
 */
public record Since(Instant time, boolean orEarlier) {}
