package io.github.portpool.export.web.server;

/** What is not an HTTP request. */
final class MalformedRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String sentence;

  MalformedRequestException(int status, String sentence) {
    super(sentence);
    this.status = status;
    this.sentence = sentence;
  }

  /** The status of its answer. */
  int status() {
    return status;
  }

  /** What is wrong with it. */
  String sentence() {
    return sentence;
  }
}
