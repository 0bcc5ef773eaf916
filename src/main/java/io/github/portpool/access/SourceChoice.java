package io.github.portpool.access;

import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.oshi.OshiSource;
import io.github.portpool.source.replay.RecordedKernel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import java.nio.file.Path;

/** Where sockets are read from. */
@FunctionalInterface
public interface SourceChoice {
  /** The kernel that this program runs on. */
  SourceChoice THIS_KERNEL = () -> NativeAccess.attempt(SockDiagSource::live);

  /** The system that this program runs on, through OSHI. */
  SourceChoice OSHI = OshiSource::open;

  /** What suits the system that this program runs on. */
  static SourceChoice ofThisSystem() {
    return System.getProperty("os.name", "").equals("Linux") ? THIS_KERNEL : OSHI;
  }

  /** A recording of a kernel. */
  static SourceChoice replay(Path file) {
    return () -> RecordedKernel.source(file);
  }

  /** Opens the source. */
  SocketSource open() throws SourceException;

  /** Whether it is the kernel that this program runs on, of which more than sockets can be read. */
  default boolean isThisKernel() {
    return equals(THIS_KERNEL);
  }

  /** Whether it is this system through OSHI. */
  default boolean isOshi() {
    return equals(OSHI);
  }
}
