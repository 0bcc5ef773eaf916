package io.github.portpool.source;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Feature;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who owns sockets: control groups by their id, processes by a socket's inode; nobody, unless a
 * source can tell.
 *
 * <p>What was found is remembered; what was not is looked for again, but no more often than its
 * budget allows.
 */
@FunctionalInterface
public interface OwnerSource extends HostPart {
  /** So many sockets of the processes of one name are looked for. */
  int MOST_HELD = 100_000;

  /** The control group of an id that the kernel gave, or empty when it is not found. */
  default Optional<ControlGroup> controlGroup(long id) {
    return Optional.empty();
  }

  /**
   * The processes that hold some listening sockets; those that are not found are not in the map.
   *
   * @param sockets the user id of each socket by its inode number; others are forgotten
   */
  default Map<Long, OwningProcess> processes(Map<Long, Integer> sockets) {
    return Map.of();
  }

  /**
   * All processes that hold some sockets, whatever it costs to look for them; their users are not
   * told.
   *
   * @param sockets the inode numbers
   */
  default Holders holders(Set<Long> sockets) {
    return Holders.UNSOUGHT;
  }

  /**
   * The sockets of all kinds that the processes of a name hold, at most {@link #MOST_HELD}, and by
   * which of these processes.
   *
   * @param name as in /proc/PID/comm, made printable, or a longer one that the system cuts
   */
  default Holders held(String name) {
    return Holders.UNSOUGHT;
  }

  /** A process by its id, or empty when it is gone or hidden. */
  default Optional<OwningProcess> process(int pid) {
    return Optional.empty();
  }

  /** When a process began, or empty when it is gone or hidden. */
  default Optional<Instant> started(int pid) {
    return Optional.empty();
  }

  /** How a process was started, in bounded printable words; empty when it is gone or hidden. */
  default String commandLine(int pid) {
    return "";
  }

  /** The name of a user, or the number of one that has no name. */
  default String user(int uid) {
    return Integer.toUnsignedString(uid);
  }

  /** No owners, for a reason: one sentence with the cure. */
  static OwnerSource none(String reason) {
    return () -> Map.of(Feature.PROCESSES, reason, Feature.CGROUPS, reason);
  }
}
