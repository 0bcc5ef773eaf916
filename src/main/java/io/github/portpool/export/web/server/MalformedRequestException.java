package io.github.portpool.export.web.server;

/** A request that is none; the message is one sentence. */
final class MalformedRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  MalformedRequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The status of its answer. */
  int status() {
    return status;
  }
}
