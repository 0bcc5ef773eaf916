package io.github.portpool.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/**
 * The file descriptors of all processes that are of one kind, {@code socket:[4711]} or {@code
 * net:[4026531840]}: proc_pid_fd(5).
 *
 * <p>A process or descriptor that vanishes meanwhile, or may not be looked at, is passed over. Used
 * by one thread at a time.
 */
public final class Descriptors implements AutoCloseable {
  /** Receives the descriptors of a walk. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one descriptor; returns whether the walk shall go on.
     *
     * @param task the thread that has it, which is the process where its threads share one table
     */
    boolean descriptor(int pid, int task, int fd, long inode);
  }

  private static final int LINK_BYTES = 64;
  private static final long KCMP_FILES = 2; // include/uapi/linux/kcmp.h

  private final byte[] prefix;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Libc.ERRNO_LAYOUT);
  private final MemorySegment path = arena.allocate(LINK_BYTES);
  private final MemorySegment link = arena.allocate(LINK_BYTES);
  private final DirectoryReader processes = new DirectoryReader();
  private final DirectoryReader descriptors = new DirectoryReader();
  private final List<Integer> hidden = new ArrayList<>();
  private boolean threadsAlike = true;
  private boolean empty;

  /** Descriptors of a kind, as the kernel calls it: {@code socket} or {@code net}. */
  public Descriptors(String kind) {
    prefix = (kind + ":[").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Visits those of all processes, but for threads with a table of their own: those with the fewest
   * descriptors first, so that a walk which may stop is short, and of several with as many the
   * lowest id. Before Linux 6.2, which does not tell how many there are, in the order of their ids.
   */
  public void walk(Visitor visitor) {
    walk(_ -> true, false, visitor);
  }

  /**
   * Visits those of some processes, chosen by their id, in the same order; with all tables of their
   * threads, of which {@link #hidden} and {@link #comparesThreads} tell what was missed.
   */
  public void walkAll(IntPredicate chosen, Visitor visitor) {
    walk(chosen, true, visitor);
  }

  private void walk(IntPredicate chosen, boolean thorough, Visitor visitor) {
    hidden.clear();
    threadsAlike = true;
    for (long process : fewestFirst(chosen)) {
      int pid = (int) process;
      boolean more = walk(pid, pid, visitor);
      // The table of a first thread that has ended is empty; a kernel thread's always is.
      if (more && (empty || (thorough && !isHidden(pid)))) {
        more = walkThreads(pid, empty, visitor);
      }
      if (!more) {
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

  /** Walks the tables of threads that are not the one that was walked last. */
  private boolean walkThreads(int pid, boolean leaderEnded, Visitor visitor) {
    int walked = leaderEnded ? 0 : pid;
    for (int task : tasks(pid)) {
      if (task != pid && (walked == 0 || hasOtherTable(walked, task))) {
        walked = task;
        if (!walk(pid, task, visitor)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The threads of a process by their ids. */
  public List<Integer> tasks(int pid) {
    List<Integer> tasks = new ArrayList<>();
    processes.open("/proc/" + pid + "/task");
    while (processes.next()) {
      if (processes.entry().number() > 0) {
        tasks.add(processes.entry().number());
      }
    }
    return tasks;
  }

  /** Whether two threads have tables of their own, clone(2) without CLONE_FILES: kcmp(2). */
  private boolean hasOtherTable(int one, int other) {
    int result = Libc.kcmp(state, one, other, KCMP_FILES);
    if (result < 0 && !Errno.ESRCH.is(Libc.errno(state))) {
      threadsAlike = false;
    }
    return result > 0;
  }

  private boolean walk(int pid, int task, Visitor visitor) {
    descriptors.open("/proc/" + task + "/fd");
    boolean refused = descriptors.isRefused();
    empty = !refused;
    boolean more = true;
    while (more && descriptors.next()) {
      int fd = descriptors.entry().number();
      if (fd >= 0) {
        empty = false;
        long inode = inode(link, descriptors.readLink(link));
        refused |= descriptors.isRefused();
        more = inode <= 0 || visitor.descriptor(pid, task, fd, inode);
      }
    }
    descriptors.leave();
    if (refused && !isHidden(pid)) {
      hidden.add(pid);
    }
    return more;
  }

  /** Whether the process that is being walked would not show something. */
  private boolean isHidden(int pid) {
    return !hidden.isEmpty() && hidden.getLast() == pid;
  }

  /** The processes that would not show their descriptors in the last walk. */
  public List<Integer> hidden() {
    return List.copyOf(hidden);
  }

  /** Whether the kernel told in the last walk which threads have a table of their own. */
  public boolean comparesThreads() {
    return threadsAlike;
  }

  /** The inode number of what a descriptor is, or -1 when it is of another kind. */
  public long inode(int task, int fd) {
    path.setString(0, "/proc/" + task + "/fd/" + fd);
    return inode(link, Libc.readlinkat(state, Libc.AT_FDCWD, path, link));
  }

  /** The number in a text such as {@code socket:[4711]}, or -1 when it is something else. */
  long inode(MemorySegment text, long length) {
    if (length < prefix.length + 2 || text.get(JAVA_BYTE, length - 1) != ']') {
      return -1;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (text.get(JAVA_BYTE, i) != prefix[i]) {
        return -1;
      }
    }
    long inode = 0;
    for (long i = prefix.length; i < length - 1; i++) {
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
