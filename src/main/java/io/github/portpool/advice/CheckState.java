package io.github.portpool.advice;

import io.github.portpool.snapshot.Labelled;

/**
 * A state of a service by the monitoring-plugins convention (Monitoring Plugins Development
 * Guidelines, section "Plugin Return Codes").
 */
public enum CheckState implements Labelled {
  OK,
  WARNING,
  CRITICAL,
  UNKNOWN;

  /** The exit code that says it: 0 to 3. */
  public int exitCode() {
    return ordinal();
  }
}
