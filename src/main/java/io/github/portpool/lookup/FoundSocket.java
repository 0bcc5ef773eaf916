package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.Labelled;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.table.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One socket, and whose it is as far as that is known.
 *
 * @param netns the name of its network namespace
 * @param elsewhere whether that is another one than that of who asks
 * @param local its local address and port
 * @param remote its peer, null without one
 * @param v6only whether it is known to serve IPv6 alone
 * @param interfaceIndex the interface it is bound to, or 0
 * @param timeWaitMillis how long a TIME_WAIT has still to live, in milliseconds; 0 in other states
 *     and where it is not known
 * @param user the name of its user, or the number of one that has no name; empty where the kernel
 *     alone holds it
 * @param holder what is known of who holds it
 * @param processes the processes that hold it, at most {@link #MOST_PROCESSES}; the one that the
 *     others inherited it from first
 * @param untrackedProcesses how many more processes hold it
 * @param controlGroup the control group that made it, null where it is not known
 */
public record FoundSocket(
    String netns,
    boolean elsewhere,
    Protocol protocol,
    SocketState state,
    Endpoint local,
    @Nullable Endpoint remote,
    boolean v6only,
    int interfaceIndex,
    int timeWaitMillis,
    String user,
    Holder holder,
    List<HeldBy> processes,
    int untrackedProcesses,
    @Nullable ControlGroup controlGroup) {
  /** So many processes of one socket are named; the others are counted. */
  public static final int MOST_PROCESSES = 20;

  /** What is known of who holds a socket. */
  public enum Holder implements Labelled {
    /** Processes, which are named. */
    PROCESS,
    /** No process, any more or yet: the kernel's table of sockets says so. */
    NOBODY,
    /** The kernel for its own use, for no process has a descriptor of it. */
    KERNEL,
    /** Not known: not all processes were looked into. */
    UNKNOWN;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A process that holds a socket.
   *
   * @param name as in /proc/PID/comm, chosen by the process itself
   * @param started when it began, null where that is not known
   * @param command how it was started, shortened, empty where that is not known or not shown
   */
  public record HeldBy(int pid, String name, @Nullable Instant started, String command) {}

  /**
   * An address and a port.
   *
   * @param address as RFC 5952 writes it, without brackets; IPv4 in dotted decimals
   * @param port 0 to 65535
   */
  public record Endpoint(String address, int port) {
    static Endpoint of(long high, long low, int port) {
      return new Endpoint(IpAddress.text(high, low), port);
    }

    /** The way URLs and {@code ss} write it: {@code [::1]:443}. */
    @Override
    public String toString() {
      return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
  }

  /** The same socket with an owner, as far as it is known. */
  FoundSocket ownedBy(
      String ownersName, Holder kind, List<HeldBy> all, @Nullable ControlGroup group) {
    return new FoundSocket(
        netns,
        elsewhere,
        protocol,
        state,
        local,
        remote,
        v6only,
        interfaceIndex,
        timeWaitMillis,
        ownersName,
        kind,
        all.stream().limit(MOST_PROCESSES).toList(),
        Math.max(0, all.size() - MOST_PROCESSES),
        group);
  }

  /** Whether the kernel alone holds it: no process has it, and none ever will again. */
  public boolean ownerless() {
    return state == SocketState.TIME_WAIT;
  }
}
