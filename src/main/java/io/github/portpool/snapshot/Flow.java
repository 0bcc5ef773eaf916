package io.github.portpool.snapshot;

/**
 * Connections toward one destination that this host closes, by the second, as the ages of the
 * TIME_WAIT sockets tell that they leave.
 *
 * @param closed how many it closes now
 * @param sustained how many it can close for ever: with more the ports run out
 * @param secondsLeft after how long they do at this rate, infinite where they do not
 */
public record Flow(double closed, double sustained, double secondsLeft) {
  /** Where ages are not seen, and where a socket that is closed leaves none. */
  public static final Flow UNKNOWN = new Flow(Double.NaN, Double.NaN, Double.NaN);

  /** Whether it was seen. */
  public boolean isKnown() {
    return !Double.isNaN(closed);
  }

  /** Whether the ports run out. */
  public boolean runsOut() {
    return Double.isFinite(secondsLeft);
  }
}
