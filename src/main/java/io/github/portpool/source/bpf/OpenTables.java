package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.TcpTables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Tables that were tested, for as many sources as like.
 *
 * <p>The programs walk the tables of the network namespace of the thread that asks. Namespaces
 * share one set, unless {@code net.ipv4.tcp_child_ehash_entries} gave one its own: that is seen
 * from inside it alone.
 */
final class OpenTables implements KernelTables {
  private final KernelTables tables;
  private final long netns;
  private final long size;

  private OpenTables(KernelTables tables, long netns, long size) {
    this.tables = tables;
    this.netns = netns;
    this.size = size;
  }

  /**
   * Loads and tests the programs.
   *
   * @throws SourceException when the agent may not read the tables, or this kernel does not let it
   */
  static OpenTables load() throws SourceException {
    long netns = LiveTables.netns();
    long size = size();
    return new OpenTables(LiveTables.open(), netns, size);
  }

  /** The sockets of the calling thread's namespace, where these tables have them. */
  Optional<TcpTables> ofThisNamespace() {
    try {
      long asked = LiveTables.netns();
      return asked == netns || size() == -Math.abs(size)
          ? Optional.of(new BpfTcp(this, asked))
          : Optional.empty();
    } catch (SourceException e) {
      return Optional.empty();
    }
  }

  /** The buckets of the table of connections; below 0 where it is the first namespace's. */
  private static long size() throws SourceException {
    try (SysctlFiles files = new SysctlFiles()) {
      return Long.parseLong(files.read("net/ipv4/tcp_ehash_entries").orElse("0").strip());
    } catch (IOException | NumberFormatException e) {
      throw new SourceException(
          Reason.SETTINGS, "cannot read net.ipv4.tcp_ehash_entries (" + Trouble.reason(e) + ")", e);
    }
  }

  @Override
  public ByteBuffer read(Part part) throws IOException {
    return tables.read(part);
  }

  @Override
  public void close() {
    // They stay for the other sources.
  }
}
