package io.github.portpool.host;

import org.jspecify.annotations.Nullable;

/** A failure that one sentence explains to a person, with what cures it. */
public abstract class ExplainedException extends Exception {
  private static final long serialVersionUID = 1;

  private final String message;

  /** A failure, with its sentence and what caused it, if anything did. */
  protected ExplainedException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  /** The sentence, which is never null. */
  public String message() {
    return message;
  }
}
