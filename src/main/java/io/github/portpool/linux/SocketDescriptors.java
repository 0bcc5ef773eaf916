package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * The file descriptors of all processes that are sockets, /proc/PID/fd: proc_pid_fd(5).
 *
 * <p>A process or descriptor that vanishes meanwhile, or may not be looked at, is passed over. Used
 * by one thread at a time.
 */
public final class SocketDescriptors implements AutoCloseable {
  /** Receives the sockets of a walk. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes one descriptor that is a socket; returns whether the walk shall go on. */
    boolean socket(int pid, int fd, long inode);
  }

  private static final byte[] PREFIX = "socket:[".getBytes(StandardCharsets.US_ASCII);
  private static final int LINK_BYTES = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment path = arena.allocate(LINK_BYTES);
  private final MemorySegment link = arena.allocate(LINK_BYTES);
  private final DirectoryReader processes = new DirectoryReader();
  private final DirectoryReader descriptors = new DirectoryReader();

  /** Visits the sockets of all processes, the lowest pid first, as the kernel lists them. */
  public void walk(Visitor visitor) {
    walk(_ -> true, visitor);
  }

  /** Visits the sockets of some processes, chosen by their id. */
  public void walk(IntPredicate chosen, Visitor visitor) {
    processes.open("/proc");
    while (processes.next()) {
      int pid = processes.number();
      if (pid > 0 && chosen.test(pid) && !walk(pid, visitor)) {
        processes.leave();
      }
    }
  }

  private boolean walk(int pid, Visitor visitor) {
    descriptors.open("/proc/" + pid + "/fd");
    while (descriptors.next()) {
      int fd = descriptors.number();
      if (fd < 0) {
        continue;
      }
      long inode = inode(link, descriptors.readLink(link));
      if (inode > 0 && !visitor.socket(pid, fd, inode)) {
        descriptors.leave();
        return false;
      }
    }
    return true;
  }

  /** The inode number of the socket that a descriptor is, or -1 when it is something else. */
  public long inode(int pid, int fd) {
    path.setString(0, "/proc/" + pid + "/fd/" + fd);
    return inode(link, Libc.readlinkat(state, Libc.AT_FDCWD, path, link));
  }

  /** The number in a text such as {@code socket:[4711]}, or -1 when it is something else. */
  static long inode(MemorySegment text, long length) {
    if (length < PREFIX.length + 2 || text.get(JAVA_BYTE, length - 1) != ']') {
      return -1;
    }
    for (int i = 0; i < PREFIX.length; i++) {
      if (text.get(JAVA_BYTE, i) != PREFIX[i]) {
        return -1;
      }
    }
    long inode = 0;
    for (long i = PREFIX.length; i < length - 1; i++) {
      int digit = text.get(JAVA_BYTE, i) - '0';
      if (digit < 0 || digit > 9 || inode > Integer.MAX_VALUE * 2L) {
        return -1;
      }
      inode = inode * 10 + digit;
    }
    return inode;
  }

  @Override
  public void close() {
    processes.close();
    descriptors.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
