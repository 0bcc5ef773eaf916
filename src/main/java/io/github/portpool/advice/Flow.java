package io.github.portpool.advice;

/**
 * Connections toward one destination that this host closes, by the second.
 *
 * @param closed how many it closes now
 * @param sustained how many it can close for ever: with more the ports run out
 * @param secondsLeft after how long they do at this rate, negative where they do not
 */
public record Flow(double closed, double sustained, double secondsLeft) {}
