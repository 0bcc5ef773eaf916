package io.github.portpool.source;

import io.github.portpool.table.PortSet;
import io.github.portpool.table.SocketSink;
import java.util.Optional;
import java.util.OptionalInt;

/** A way to read the sockets of one network namespace, or of a recording. */
public interface SocketSource extends HostPart {
  /** The name for logs and labels, for example {@code linux}. */
  String name();

  /**
   * Reads all sockets into a sink, in the order that {@link SocketSink} promises.
   *
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  void read(SocketSink sink) throws SourceException;

  /**
   * What the last pass had to work around, where it was good all the same: of that pass {@link
   * #unavailable} says what it could not see.
   */
  default Optional<SourceException> setback() {
    return Optional.empty();
  }

  /**
   * How many sockets of this network namespace the last pass over the agent's own brought along, so
   * that the next {@link #read} costs next to nothing; empty where it has to look for itself.
   */
  default OptionalInt atHand() {
    return OptionalInt.empty();
  }

  /**
   * Reads every socket with one of some local ports, in every state, into a sink: also those that
   * {@link #read} leaves out, because they do not matter to the pool.
   *
   * @throws SourceException when something could not be read; what the sink then holds is worthless
   */
  void readPorts(PortSet ports, SocketSink sink) throws SourceException;
}
