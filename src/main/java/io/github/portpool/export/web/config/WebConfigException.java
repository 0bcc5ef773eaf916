package io.github.portpool.export.web.config;

/** A web configuration that cannot be used. */
public final class WebConfigException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * Says why.
   *
   * @param sentence one sentence for the administrator, without secrets
   */
  public WebConfigException(String sentence) {
    super(sentence);
  }

  /** Why it cannot be used. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
