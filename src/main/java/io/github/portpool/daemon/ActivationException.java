package io.github.portpool.daemon;

import io.github.portpool.host.ExplainedException;

/** A socket of the service manager that cannot be served, in a sentence that names the cure. */
public final class ActivationException extends ExplainedException {
  private static final long serialVersionUID = 1;

  ActivationException(String message) {
    super(message, null);
  }
}
