package io.github.portpool.linux;

/** Bytes that are not what the kernel's headers promise. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1;

  /** What was found instead. */
  public MalformedMessageException(String message) {
    super(message);
  }
}
