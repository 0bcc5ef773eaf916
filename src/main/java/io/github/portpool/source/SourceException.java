package io.github.portpool.source;

import io.github.portpool.host.ExplainedException;
import io.github.portpool.snapshot.Labelled;
import org.jspecify.annotations.Nullable;

/** Sockets that could not be read; the message is one sentence that names the cure. */
public final class SourceException extends ExplainedException {
  private static final long serialVersionUID = 1;

  /** What failed, as the label of an error counter. */
  public enum Reason implements Labelled {
    /** A setting such as the ephemeral range could not be read. */
    SETTINGS,
    /** The kernel's or the system's interface could not be opened or asked. */
    SOCKET,
    /** The kernel answered with an error. */
    REFUSED,
    /** The answer did not come in time. */
    TIMEOUT,
    /** The kernel had no memory for the answer. */
    NO_BUFFERS,
    /** A part of the answer was cut off. */
    TRUNCATED,
    /** The kernel's tables changed under the answer, again and again. */
    INTERRUPTED,
    /** The answer was not what the interface promises. */
    MALFORMED,
    /** The agent itself has a defect, or no memory left. */
    INTERNAL;
  }

  private final Reason reason;

  /** A failure, with one sentence for a person. */
  public SourceException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A failure that nothing else caused. */
  public SourceException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** What failed. */
  public Reason reason() {
    return reason;
  }
}
