package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.lookup.FoundSocket.Endpoint;
import io.github.portpool.lookup.FoundSocket.HeldBy;
import io.github.portpool.lookup.FoundSocket.Holder;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of one answer that the same processes hold in the same state.
 *
 * @param netns the name of their network namespace
 * @param elsewhere whether that is another one than that of who asks
 * @param local where strangers reach all of them, or null where that is not told apart
 * @param remote where all of them lead to, or null where that is not told apart
 * @param sockets how many
 * @param user the name of their user; empty where the kernel alone holds them
 * @param processes the processes that hold them, at most {@link FoundSocket#MOST_PROCESSES}
 * @param untrackedProcesses how many more processes hold them
 * @param controlGroup the control group that made them, null where it is not known
 */
public record SocketGroup(
    String netns,
    boolean elsewhere,
    Protocol protocol,
    SocketState state,
    @Nullable Endpoint local,
    @Nullable Endpoint remote,
    int sockets,
    String user,
    Holder holder,
    List<HeldBy> processes,
    int untrackedProcesses,
    @Nullable ControlGroup controlGroup) {
  /** So many sockets are better read one by one. */
  public static final int FEW = 25;
}
