package io.github.portpool.source;

import io.github.portpool.snapshot.Feature;
import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketSink;
import java.util.Map;

/**
 * A way to read the sockets of this host, or of a recording.
 *
 * <p>Used by one thread at a time.
 */
public interface SocketSource extends AutoCloseable {
  /** The name for logs and labels, for example {@code linux}. */
  String name();

  /**
   * What this source cannot see, each with one sentence that says why and what cures it. A feature
   * that is not in the map is available.
   */
  Map<Feature, String> unavailable();

  /**
   * Reads all sockets into a sink, in the order that {@link SocketSink} promises.
   *
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  void read(SocketSink sink) throws SourceException;

  /**
   * Reads every socket with one of some local ports, in every state, into a sink: also those that
   * {@link #read} leaves out, because they do not matter to the pool.
   *
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  void readPorts(PortSet ports, SocketSink sink) throws SourceException;

  @Override
  void close();
}
