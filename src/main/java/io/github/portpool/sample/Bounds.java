package io.github.portpool.sample;

/**
 * How many of something are named at most, so that no host makes too many series.
 *
 * @param destinations of each namespace and protocol, the fullest
 * @param owners control groups of each namespace and protocol, those with the most ports
 * @param listeners inside the live range of each namespace
 * @param namespaces besides the agent's own, the fullest
 */
public record Bounds(int destinations, int owners, int listeners, int namespaces) {}
