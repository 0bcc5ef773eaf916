package io.github.portpool.export.web;

import java.io.IOException;

/** An address that cannot be listened on; the message is one sentence that names the cure. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1;

  private final String sentence;

  ListenException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  /** The sentence for a person. */
  public String sentence() {
    return sentence;
  }
}
