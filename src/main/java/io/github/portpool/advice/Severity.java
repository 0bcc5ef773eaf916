package io.github.portpool.advice;

import io.github.portpool.snapshot.Labelled;

/** How bad a finding is, the worst first. */
public enum Severity implements Labelled {
  /** Calls fail now. */
  CRITICAL,
  /** Calls will fail, or already cost more than they should. */
  WARNING,
  /** Good to know; nothing is wrong. */
  NOTE;

  /** That of a pool which is not OK, or expensive. */
  static Severity of(CheckState state) {
    return state == CheckState.CRITICAL ? CRITICAL : WARNING;
  }
}
