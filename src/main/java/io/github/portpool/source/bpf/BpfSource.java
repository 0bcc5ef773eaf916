package io.github.portpool.source.bpf;

import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.source.sockdiag.TcpTables;
import java.util.Optional;

/**
 * Opens the sockets of network namespaces with TCP by the kernel's own tables. What it opens shares
 * the programs, which are loaded and tested once and stay until this process ends. Safe for several
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
    if (tables.isEmpty() && refusal.isEmpty()) {
      try {
        tables = Optional.of(OpenTables.load());
      } catch (SourceException e) {
        refusal = Optional.of(e);
      }
    }
    if (required && refusal.isPresent()) {
      throw refusal.get();
    }
    if (refusal.isPresent()) {
      return SockDiagSource.live(refusal.get().message());
    }
    Optional<TcpTables> own = tables.flatMap(OpenTables::ofThisNamespace);
    return own.isEmpty()
        ? SockDiagSource.live(
            "this network namespace has a table of its own (net.ipv4.tcp_child_ehash_entries)")
        : open(own);
  }

  private static SockDiagSource open(Optional<TcpTables> tables) throws SourceException {
    KernelChannel kernel = SockDiagSource.kernel();
    try {
      return new SockDiagSource(NAME, kernel, tables);
    } catch (SourceException e) {
      kernel.close();
      throw e;
    }
  }
}
