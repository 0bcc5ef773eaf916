package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

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

  /** Visits the sockets of all processes, in the order of {@link #walk(IntPredicate, Visitor)}. */
  public void walk(Visitor visitor) {
    walk(_ -> true, visitor);
  }

  /**
   * Visits the sockets of some processes, chosen by their id: those with the fewest descriptors
   * first, so that a walk which may stop is short, and of several with as many the lowest id.
   * Before Linux 6.2, which does not tell how many there are, in the order of their ids.
   */
  public void walk(IntPredicate chosen, Visitor visitor) {
    for (long process : fewestFirst(chosen)) {
      if (!walk((int) process, visitor)) {
        return;
      }
    }
  }

  /** The ids of processes, each below the number of its descriptors. */
  private long[] fewestFirst(IntPredicate chosen) {
    LongStream.Builder found = LongStream.builder();
    processes.open("/proc");
    while (processes.next()) {
      int pid = processes.entry().number();
      if (pid > 0 && chosen.test(pid)) {
        // st_size: proc_fd_getattr(), fs/proc/fd.c
        found.add(new File("/proc/" + pid + "/fd").length() << Integer.SIZE | pid);
      }
    }
    return found.build().sorted().toArray();
  }

  private boolean walk(int pid, Visitor visitor) {
    descriptors.open("/proc/" + pid + "/fd");
    while (descriptors.next()) {
      int fd = descriptors.entry().number();
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
