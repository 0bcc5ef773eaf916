package io.github.portpool.source.bpf;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.NamespaceThread;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.sockdiag.TcpTables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Tables that were tested, for as many sources as like.
 *
 * <p>The programs walk the tables of the network namespace of the thread that asks. Namespaces
 * share one set, unless {@code net.ipv4.tcp_child_ehash_entries} or {@code udp_child_hash_entries}
 * gave one its own: that is seen from inside it alone.
 */
final class OpenTables implements KernelTables {
  private final KernelTables tables;
  private final long netns;
  private final boolean shared;
  private final NamespaceThread visitor;
  private final OtherNamespaces others = new OtherNamespaces();
  private final Set<Long> tested = new HashSet<>();

  private OpenTables(KernelTables tables, long netns, boolean shared, NamespaceThread visitor) {
    this.tables = tables;
    this.netns = netns;
    this.shared = shared;
    this.visitor = visitor;
  }

  /**
   * Loads and tests the programs.
   *
   * @throws SourceException when the agent may not read the tables, or this kernel does not let it
   */
  static OpenTables load() throws SourceException {
    long netns = LiveTables.netns();
    boolean shared = areShared();
    LiveTables live = LiveTables.open();
    try {
      return new OpenTables(live, netns, shared, new NamespaceThread());
    } catch (IOException e) {
      live.close();
      throw new SourceException(
          Reason.SETTINGS, "cannot hold the network namespace (" + Trouble.reason(e) + ")", e);
    }
  }

  /**
   * The sockets of the calling thread's namespace.
   *
   * @throws SourceException when it has tables of its own that cannot be trusted
   */
  synchronized TcpTables ofThisNamespace() throws SourceException {
    long asked = LiveTables.netns();
    if (asked == netns) {
      return new BpfTcp(this, asked, others);
    }
    if (shared && areShared()) {
      return new TcpAlong(new BpfTcp(this, asked), others);
    }
    if (!tested.contains(asked)) {
      SelfTest.of(new BpfTcp(this, asked));
      tested.add(asked);
    }
    try {
      return new BpfTcp(new TablesInside(this, visitor), asked);
    } catch (IOException e) {
      throw new SourceException(
          Reason.SETTINGS, "cannot hold the network namespace (" + Trouble.reason(e) + ")", e);
    }
  }

  /** Whether the calling thread's namespace has the tables that most have: the first one's. */
  private static boolean areShared() throws SourceException {
    try (SysctlFiles files = new SysctlFiles()) {
      return NetworkNamespace.isFirst()
          || (isBorrowed(files, "tcp_ehash_entries") && isBorrowed(files, "udp_hash_entries"));
    } catch (IOException | NumberFormatException e) {
      throw new SourceException(
          Reason.SETTINGS, "cannot read net.ipv4.tcp_ehash_entries (" + Trouble.reason(e) + ")", e);
    }
  }

  /** The kernel gives such a size a sign; before Linux 6.1 there is none, and nothing else. */
  private static boolean isBorrowed(SysctlFiles files, String name) throws IOException {
    return Long.parseLong(files.read("net/ipv4/" + name).orElse("0").strip()) <= 0;
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
