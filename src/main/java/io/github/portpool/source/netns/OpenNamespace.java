package io.github.portpool.source.netns;

import io.github.portpool.host.Trouble;
import io.github.portpool.linux.NamespaceThread;
import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.linux.ProcFile;
import io.github.portpool.linux.SysctlFiles;
import io.github.portpool.source.ConntrackSource;
import io.github.portpool.source.Namespace;
import io.github.portpool.source.Opening;
import io.github.portpool.source.SocketSource;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.source.conntrack.KernelConntrack;
import io.github.portpool.source.sockdiag.KernelSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A namespace that is held open, with its /proc/net/sockstat: two file descriptors. */
final class OpenNamespace implements Namespace, AutoCloseable {
  private static final Path SOCKSTAT = Path.of("/proc/thread-self/net/sockstat");
  private static final Pattern SOCKETS =
      Pattern.compile("sockets: used (\\d{1,18})\nTCP:[^\n]*? tw (\\d{1,18}) ");

  private final String name;
  private final NetworkNamespace namespace;
  private final NamespaceThread visitor;
  private final Opening<SocketSource> sockets;
  private final boolean conntrackDumps;
  private final int capacity;
  private final ProcFile sockstat;

  /** Takes over {@code namespace}, which it closes also when this fails. */
  OpenNamespace(
      String name,
      NetworkNamespace namespace,
      NamespaceThread visitor,
      Opening<SocketSource> sockets,
      boolean conntrackDumps)
      throws IOException {
    this.name = name;
    this.namespace = namespace;
    this.visitor = visitor;
    this.sockets = sockets;
    this.conntrackDumps = conntrackDumps;
    try {
      this.capacity = visitor.call(namespace, OpenNamespace::readCapacity);
      this.sockstat = visitor.call(namespace, () -> new ProcFile(SOCKSTAT));
    } catch (IOException e) {
      namespace.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** The inode number, by which the kernel names it. */
  long inode() {
    return namespace.inode();
  }

  private static int readCapacity() throws SourceException {
    try (SysctlFiles files = new SysctlFiles()) {
      return new KernelSettings(files::read).range().capacity();
    }
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public long sockets() throws SourceException {
    try {
      return sockets(sockstat.read());
    } catch (IOException e) {
      throw new SourceException(
          Reason.SETTINGS,
          "cannot read the sockstat of netns " + name + " (" + Trouble.reason(e) + ")",
          e);
    }
  }

  /** The sockets that programs hold, of every kind, and those in TIME_WAIT. */
  static long sockets(String text) throws SourceException {
    Matcher matcher = SOCKETS.matcher(text);
    if (!matcher.lookingAt()) {
      throw new SourceException(Reason.SETTINGS, "the kernel's sockstat is not understood");
    }
    return Long.parseLong(matcher.group(1)) + Long.parseLong(matcher.group(2));
  }

  @Override
  public SocketSource open() throws SourceException {
    return inside(sockets::open);
  }

  @Override
  public ConntrackSource openConntrack() throws SourceException {
    return inside(() -> KernelConntrack.open(conntrackDumps));
  }

  private <T> T inside(Callable<T> work) throws SourceException {
    try {
      return visitor.call(namespace, work);
    } catch (IOException e) {
      if (e.getCause() instanceof SourceException failed) {
        throw failed;
      }
      throw new SourceException(
          Reason.SOCKET, "cannot look into netns " + name + " (" + Trouble.reason(e) + ")", e);
    }
  }

  @Override
  public void close() {
    sockstat.close();
    namespace.close();
  }
}
