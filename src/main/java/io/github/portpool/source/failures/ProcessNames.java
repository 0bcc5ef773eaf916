package io.github.portpool.source.failures;

import io.github.portpool.linux.NetworkNamespace;
import io.github.portpool.source.CommandName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Who threads are, as /proc says it soon after they were seen. For one thread at a time. */
final class ProcessNames {
  /**
   * Who a thread is.
   *
   * @param name the name of its process, or empty when it is gone
   * @param netns the inode number of its network namespace, or 0 when it is gone, or is another
   *     user's and may not be looked at without CAP_SYS_PTRACE
   */
  record Identity(String name, long netns) {}

  private record Seen(Identity identity, long nanos) {}

  private static final Identity GONE = new Identity("", 0);
  private static final long FRESH_NANOS = 20_000_000;
  private static final long KEPT_NANOS = 1_000_000_000;

  private final Map<Integer, Seen> known = new HashMap<>();
  private final LongSupplier nanoTime;

  ProcessNames(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Forgets whom it has not seen for a second, because an id may soon belong to someone else. */
  void forgetOld() {
    long now = nanoTime.getAsLong();
    known.values().removeIf(seen -> now - seen.nanos > KEPT_NANOS);
  }

  /** A thread of a process; one that was seen within the last second may be gone. */
  Identity of(int pid, int tid) {
    long now = nanoTime.getAsLong();
    Seen seen = known.get(tid);
    if (seen != null && now - seen.nanos < FRESH_NANOS) {
      return seen.identity;
    }
    Identity identity = lookUp(pid, tid);
    if (seen != null && identity.equals(GONE)) {
      return seen.identity;
    }
    known.put(tid, new Seen(identity, now));
    return identity;
  }

  private static Identity lookUp(int pid, int tid) {
    String process = "/proc/" + pid;
    long netns = netns(process + "/task/" + tid);
    return new Identity(CommandName.of(pid).orElse(""), netns != 0 ? netns : netns(process));
  }

  private static long netns(String task) {
    try {
      return NetworkNamespace.inode(Path.of(task, "ns/net"));
    } catch (IOException e) {
      return 0;
    }
  }
}
