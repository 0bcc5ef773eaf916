package io.github.portpool.source.conntrack;

import io.github.portpool.host.Conntrack;
import io.github.portpool.host.Trouble;
import io.github.portpool.linux.SystemCallException;
import io.github.portpool.linux.netlink.NetlinkSocket;
import io.github.portpool.snapshot.Feature;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.DestinationTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection tracking of the running kernel in one network namespace: that of the thread that
 * opens it, whichever thread reads it then.
 *
 * <p>{@link #read} takes no privilege; {@link #translated} takes CAP_NET_ADMIN in the namespace,
 * and walks over the table of the whole host, however few of its connections are of this namespace.
 */
public final class KernelConntrack implements ConntrackSource {
  private final ConntrackFiles files;
  private final @Nullable ConntrackDump dump;

  private KernelConntrack(ConntrackFiles files, @Nullable ConntrackDump dump) {
    this.files = files;
    this.dump = dump;
  }

  /**
   * Opens what is read later, in the network namespace of this thread.
   *
   * @param withDump whether {@link #translated} will be asked
   * @throws SourceException when the kernel does no connection tracking, which is no failure of the
   *     host, or when it or a sandbox refuses
   */
  public static KernelConntrack open(boolean withDump) throws SourceException {
    ConntrackFiles files = new ConntrackFiles(Path.of("/proc"));
    try {
      return new KernelConntrack(
          files,
          withDump ? new ConntrackDump(NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER)) : null);
    } catch (SystemCallException e) {
      files.close();
      throw new SourceException(
          Reason.SOCKET,
          "cannot ask the kernel for its connections ("
              + Trouble.reason(e)
              + "): allow AF_NETLINK (systemd: RestrictAddressFamilies=, container: seccomp) and"
              + " load its module, modprobe nf_conntrack_netlink",
          e);
    }
  }

  @Override
  public Map<Feature, String> unavailable() {
    return Map.of();
  }

  @Override
  public Optional<Conntrack> read() throws SourceException {
    return Optional.of(files.read());
  }

  @Override
  public boolean dumps() {
    return dump != null;
  }

  @Override
  public void translated(DestinationTable groups) throws SourceException {
    if (dump == null) {
      throw new IllegalStateException("opened without dump");
    }
    dump.read(groups);
  }

  @Override
  public void close() {
    files.close();
    if (dump != null) {
      dump.close();
    }
  }
}
