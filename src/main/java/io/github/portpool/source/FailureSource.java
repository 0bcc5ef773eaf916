package io.github.portpool.source;

import io.github.portpool.host.ConnectFailures;

/** A counter of refused connect() calls. {@link #read} is for one thread at a time. */
public interface FailureSource extends AutoCloseable {
  /**
   * The counts as they are now; they never fall.
   *
   * @throws SourceException when a counter could not be read; the counts go on
   */
  ConnectFailures read() throws SourceException;

  @Override
  void close();
}
