package io.github.portpool.source.netns;

import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.source.NamespaceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The network namespace of a thread.
 *
 * @param inode its inode number
 * @param name {@code host} for the host's own alone, else as other namespaces are called
 */
public record OwnNamespace(long inode, String name) {
  /**
   * The kernel shows it in its initial namespace alone, whoever asks: net_core_table,
   * net/core/sysctl_net_core.c. The inode number of that namespace is the same on all hosts only
   * since Linux 6.18, and /proc/1/ns/net takes rights and the host's PID namespace.
   */
  private static final Path OF_THE_HOST = Path.of("/proc/sys/net/core/dev_weight");

  /** That of the calling thread. */
  public static OwnNamespace current() throws IOException {
    Path file = Path.of("/proc/thread-self/ns/net");
    long inode = NetworkNamespace.inode(file);
    if (isHosts()) {
      return new OwnNamespace(inode, NamespaceSource.HOST);
    }
    Path named = new NamespaceFiles().named().getOrDefault(inode, file);
    return new OwnNamespace(inode, NamespaceNames.name(named, inode, Set.of(NamespaceSource.HOST)));
  }

  /** Whether the calling thread is in the host's own namespace. */
  static boolean isHosts() {
    return Files.exists(OF_THE_HOST);
  }
}
