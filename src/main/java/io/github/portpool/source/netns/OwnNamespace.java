package io.github.portpool.source.netns;

import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.source.NamespaceSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The network namespace of a thread.
 *
 * @param inode its inode number
 * @param name {@code host} for the host's own alone, else as other namespaces are called
 */
public record OwnNamespace(long inode, String name) {
  /** That of the calling thread. */
  public static OwnNamespace current() throws IOException {
    Path file = Path.of("/proc/thread-self/ns/net");
    long inode = NetworkNamespace.currentInode();
    if (NetworkNamespace.isFirst()) {
      return new OwnNamespace(inode, NamespaceSource.HOST);
    }
    Path named = new NamespaceFiles().named().getOrDefault(inode, file);
    return new OwnNamespace(inode, NamespaceNames.name(named, inode, Set.of(NamespaceSource.HOST)));
  }
}
