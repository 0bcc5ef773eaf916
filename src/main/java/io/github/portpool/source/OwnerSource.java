package io.github.portpool.source;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Who owns sockets: control groups by their id, processes by a socket's inode.
 *
 * <p>Used by one thread at a time. What was found is remembered; what was not is looked for again,
 * but no more often than its budget allows.
 */
public interface OwnerSource extends AutoCloseable {
  /** So many sockets of the processes of one name are looked for. */
  int MOST_HELD = 100_000;

  /** What cannot be seen, each with one sentence that says why and what cures it. */
  Map<Feature, String> unavailable();

  /** The control group of an id that the kernel gave, or empty when it is not found. */
  Optional<ControlGroup> controlGroup(long id);

  /**
   * The processes that hold some listening sockets; those that are not found are not in the map.
   *
   * @param sockets the user id of each socket by its inode number; others are forgotten
   */
  Map<Long, OwningProcess> processes(Map<Long, Integer> sockets);

  /**
   * The sockets of all kinds that the processes of a name hold, by inode number, at most {@link
   * #MOST_HELD}; the user of each process is not told.
   *
   * @param name as in /proc/PID/comm, made printable, or a longer one that the system cuts
   */
  Map<Long, OwningProcess> held(String name);

  /** A process by its id, or empty when it is gone or hidden. */
  Optional<OwningProcess> process(int pid);

  /** When a process began, or empty when it is gone or hidden. */
  Optional<Instant> started(int pid);

  /** The name of a user, or the number of one that has no name. */
  String user(int uid);

  @Override
  void close();
}
