package io.github.portpool.source.oshi;

import io.github.portpool.snapshot.TcpSettings;
import io.github.portpool.source.SourceException;
import io.github.portpool.table.EphemeralPorts;
import java.util.Optional;

/** The settings of an operating system that the port maths needs. */
interface HostSettings extends AutoCloseable {
  /** The ephemeral range, or empty where the system does not tell it. */
  Optional<EphemeralPorts> range() throws SourceException;

  /** What decides how fast ports come back. */
  default TcpSettings tcp() throws SourceException {
    return TcpSettings.NONE;
  }

  @Override
  default void close() {}
}
