package io.github.portpool.export.web.server;

import io.github.portpool.host.ExplainedException;

/** An address that cannot be listened on; the message is one sentence that names the cure. */
public final class ListenException extends ExplainedException {
  private static final long serialVersionUID = 1;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
