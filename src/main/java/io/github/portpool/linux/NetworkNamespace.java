package io.github.portpool.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network namespace that is held open, network_namespaces(7).
 *
 * <p>The namespace lives at least as long as this is open. Safe for several threads, but for {@link
 * #close}.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");
  private static final int CLONE_NEWNET = 0x40000000; // include/uapi/linux/sched.h

  private final int fd;
  private final long inode;

  /**
   * Opens the namespace that a file stands for, such as {@code /run/netns/blue} or {@code
   * /proc/1/ns/net}.
   *
   * @throws IOException when the file is not there, may not be opened, or is no namespace
   */
  public NetworkNamespace(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
      fd = Libc.open(state, arena.allocateFrom(file.toString()));
      Libc.check("open(" + file + ")", state, fd);
      try {
        inode = inode(Path.of("/proc/thread-self/fd", String.valueOf(fd)));
      } catch (IOException e) {
        Libc.close(state, fd);
        throw e;
      }
    }
  }

  /** The namespace of the calling thread. */
  public static NetworkNamespace current() throws IOException {
    return new NetworkNamespace(OF_THIS_THREAD);
  }

  /** The inode number of the namespace of the calling thread. */
  public static long currentInode() throws IOException {
    return inode(OF_THIS_THREAD);
  }

  /** The inode number of the namespace that a file stands for, without opening it. */
  public static long inode(Path file) throws IOException {
    return (long) Files.getAttribute(file, "unix:ino");
  }

  /**
   * Whether the calling thread is in the namespace that the host began with: the only one with
   * settings that are for all, {@code ipv4_table} in net/ipv4/sysctl_net_ipv4.c. The inode number
   * of that namespace is the same on all hosts only since Linux 6.18, and /proc/1/ns/net takes
   * rights and the host's PID namespace.
   */
  public static boolean isFirst() {
    return Files.exists(Path.of("/proc/sys/net/ipv4/tcp_max_orphans"));
  }

  /** The inode number, by which the kernel names the namespace: {@code net:[4026531840]}. */
  public long inode() {
    return inode;
  }

  /**
   * Moves the calling thread, which must be a platform thread, into the namespace: setns(2).
   *
   * @throws SystemCallException with EPERM without CAP_SYS_ADMIN
   */
  void enter() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
      Libc.check("setns(CLONE_NEWNET)", state, Libc.setns(state, fd, CLONE_NEWNET));
    }
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
