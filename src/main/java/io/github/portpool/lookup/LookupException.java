package io.github.portpool.lookup;

/** A question that cannot be answered now; the message is one sentence that names the cure. */
public final class LookupException extends Exception {
  private static final long serialVersionUID = 1;

  private final String sentence;
  private final int retrySeconds;

  /**
   * A question that failed.
   *
   * @param retrySeconds when it may be asked again, 0 where that does not help
   */
  public LookupException(String sentence, int retrySeconds) {
    super(sentence);
    this.sentence = sentence;
    this.retrySeconds = retrySeconds;
  }

  /** The sentence for a person. */
  public String sentence() {
    return sentence;
  }

  /** When it may be asked again, in seconds; 0 where that does not help. */
  public int retrySeconds() {
    return retrySeconds;
  }
}
