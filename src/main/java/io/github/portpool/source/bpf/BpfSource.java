package io.github.portpool.source.bpf;

import io.github.portpool.source.SourceException;
import io.github.portpool.source.sockdiag.KernelChannel;
import io.github.portpool.source.sockdiag.SockDiagSource;
import io.github.portpool.source.sockdiag.TcpTables;
import java.util.Optional;

/** Opens the sockets of the running kernel with TCP by its own tables. */
public final class BpfSource {
  /** For logs and labels. */
  public static final String NAME = "bpf";

  private BpfSource() {}

  /**
   * The sockets of the network namespace of this thread, by the tables in any case.
   *
   * @throws SourceException when the agent may not read them, or this kernel does not let it
   */
  public static SockDiagSource open() throws SourceException {
    return open(BpfTcp.open());
  }

  /**
   * The same, or by sock_diag alone where the tables cannot be read.
   *
   * @throws SourceException when the kernel or a sandbox refuses that, too
   */
  public static SockDiagSource openIfAllowed() throws SourceException {
    TcpTables tables;
    try {
      tables = BpfTcp.open();
    } catch (SourceException e) {
      return SockDiagSource.live(e.message());
    }
    return open(tables);
  }

  private static SockDiagSource open(TcpTables tables) throws SourceException {
    try {
      KernelChannel kernel = SockDiagSource.kernel();
      try {
        return new SockDiagSource(NAME, kernel, Optional.of(tables));
      } catch (SourceException e) {
        kernel.close();
        throw e;
      }
    } catch (SourceException e) {
      tables.close();
      throw e;
    }
  }
}
