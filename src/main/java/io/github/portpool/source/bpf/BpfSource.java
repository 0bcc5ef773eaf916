package io.github.portpool.source.bpf;

import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.source.sockdiag.TcpTables;
import java.util.Optional;

/**
 * Opens the sockets of network namespaces by the kernel's own tables. What it opens shares the
 * programs, which are loaded and tested once and stay until this process ends. Safe for several
 * threads.
 */
public final class BpfSource implements Opening<SocketSource> {
  /** For logs and labels. */
  public static final String NAME = "bpf";

  private final boolean required;
  private Optional<OpenTables> tables = Optional.empty();
  private Optional<SourceException> refusal = Optional.empty();

  /** Reads by the tables: always, or by sock_diag where they cannot be read. */
  public BpfSource(boolean required) {
    this.required = required;
  }

  /**
   * The sockets of the network namespace of the calling thread.
   *
   * @throws SourceException when the kernel or a sandbox refuses
   */
  @Override
  public synchronized SockDiagSource open() throws SourceException {
    TcpTables own;
    try {
      own = tables().ofThisNamespace();
    } catch (SourceException e) {
      if (required) {
        throw e;
      }
      return SockDiagSource.live(e.message());
    }
    return SockDiagSource.live(NAME, Optional.of(own));
  }

  /** Those that were loaded, or refused, at the first time. */
  private OpenTables tables() throws SourceException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    try {
      OpenTables open = tables.isPresent() ? tables.get() : OpenTables.load();
      tables = Optional.of(open);
      return open;
    } catch (SourceException e) {
      refusal = Optional.of(e);
      throw e;
    }
  }
}
