package io.github.portpool.daemon;

import java.util.logging.LogManager;

/**
 * A log that lasts until the process is gone: the JDK's own closes as soon as a signal comes, and
 * what is said while the agent stops is lost.
 */
public final class LastingLog extends LogManager {
  /** For the JDK, which makes it. */
  public LastingLog() {}

  /** Does nothing: the JDK calls this when a signal comes. */
  @Override
  public void reset() {}
}
