package io.github.portpool.advice;

import java.util.Locale;

/** How bad a finding is, the worst first. */
public enum Severity {
  /** Calls fail now. */
  CRITICAL,
  /** Calls will fail, or already cost more than they should. */
  WARNING,
  /** Good to know; nothing is wrong. */
  NOTE;

  /** The lower-case name. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
