package io.github.portpool;

import io.github.portpool.access.SourceChoice;
import io.github.portpool.sample.Bounds;
import io.github.portpool.sample.HostSampler;
import io.github.portpool.snapshot.Snapshot;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * The pool of ephemeral ports of the network namespace that this process runs in.
 *
 * <p>Linux is asked by NETLINK_SOCK_DIAG, unprivileged; macOS and Windows through OSHI, {@code
 * com.github.oshi:oshi-core}, which the application has to add. Thread-safe.
 */
public final class PortPool {
  /** As many destinations and control groups of each protocol as the agent names, and listeners. */
  private static final Bounds BOUNDS = new Bounds(10, 10, 100, 0);

  private PortPool() {}

  /**
   * Takes a sample now, on this thread: a few milliseconds for 10,000 sockets. Nothing stays open
   * and no thread is started.
   *
   * @return what it found: of each protocol the ten worst destinations and control groups, and 100
   *     listeners inside the ephemeral range; {@link Snapshot#worstUsedPeaks} are those of this
   *     sample alone
   * @throws IOException when the sockets cannot be read; its message is one sentence that says why
   *     and what cures it; an {@link InterruptedIOException} on a thread that is interrupted
   */
  public static Snapshot sample() throws IOException {
    try (SocketSource source = SourceChoice.ofThisSystem().open()) {
      return HostSampler.once(source, BOUNDS);
    } catch (SourceException e) {
      if (e.getCause() instanceof ClosedByInterruptException) {
        throw new InterruptedIOException("interrupted while the sockets were read");
      }
      throw new IOException(e.message(), e);
    }
  }
}
