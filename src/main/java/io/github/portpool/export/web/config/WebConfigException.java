package io.github.portpool.export.web.config;

import io.github.portpool.host.ExplainedException;

/** A web configuration that cannot be used; the message has no secrets in it. */
public final class WebConfigException extends ExplainedException {
  private static final long serialVersionUID = 1;

  WebConfigException(String message) {
    super(message, null);
  }
}
