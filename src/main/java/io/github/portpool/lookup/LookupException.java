package io.github.portpool.lookup;

import io.github.portpool.host.ExplainedException;

/** A question that cannot be answered now; the message is one sentence that names the cure. */
public final class LookupException extends ExplainedException {
  private static final long serialVersionUID = 1;
  private static final int BUSY_SECONDS = 5;

  private final int retrySeconds;

  /**
   * A question that failed.
   *
   * @param retrySeconds when it may be asked again, 0 where that does not help
   */
  public LookupException(String message, int retrySeconds) {
    super(message, null);
    this.retrySeconds = retrySeconds;
  }

  /** What others have asked comes first. */
  public static LookupException busy() {
    return new LookupException("the agent is busy: ask again later", BUSY_SECONDS);
  }

  /** When it may be asked again, in seconds; 0 where that does not help. */
  public int retrySeconds() {
    return retrySeconds;
  }
}
