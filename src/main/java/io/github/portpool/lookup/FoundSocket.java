package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.host.OwningProcess;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.NamespaceSource;
import io.github.portpool.table.IpAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One socket, and whose it is as far as that is known.
 *
 * @param netns the name of its network namespace
 * @param local its local address and port
 * @param remote its peer, null without one
 * @param v6only whether it is known to serve IPv6 alone
 * @param interfaceIndex the interface it is bound to, or 0
 * @param timeWaitMillis how long a TIME_WAIT has still to live, in milliseconds; 0 in other states
 *     and where it is not known
 * @param user the name of its user, or the number of one that has no name; empty where the kernel
 *     alone holds it
 * @param process the process that holds it, null where none does or it is hidden
 * @param processStarted when that process began, null where it is not known
 * @param controlGroup the control group that made it, null where it is not known
 */
public record FoundSocket(
    String netns,
    Protocol protocol,
    SocketState state,
    Endpoint local,
    @Nullable Endpoint remote,
    boolean v6only,
    int interfaceIndex,
    int timeWaitMillis,
    String user,
    @Nullable OwningProcess process,
    @Nullable Instant processStarted,
    @Nullable ControlGroup controlGroup) {

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
      String ownersName,
      @Nullable OwningProcess owner,
      @Nullable Instant started,
      @Nullable ControlGroup group) {
    return new FoundSocket(
        netns,
        protocol,
        state,
        local,
        remote,
        v6only,
        interfaceIndex,
        timeWaitMillis,
        ownersName,
        owner,
        started,
        group);
  }

  /** Whether it lies in the host's own network namespace. */
  public boolean onHost() {
    return netns.equals(NamespaceSource.HOST);
  }

  /** Whether the kernel alone holds it: no process has it, and none ever will again. */
  public boolean ownerless() {
    return state == SocketState.TIME_WAIT;
  }
}
