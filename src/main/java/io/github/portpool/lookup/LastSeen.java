package io.github.portpool.lookup;

import io.github.portpool.host.ControlGroup;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a running agent remembers of a port.
 *
 * @param netns the name of the network namespace
 * @param state the state of the socket in the last sample that had one there
 * @param since the first of the samples in a row that ended with {@code last}
 * @param last the last sample with a socket there
 * @param owner the last socket's owner that the kernel named, null where there was none
 */
public record LastSeen(
    String netns,
    Protocol protocol,
    SocketState state,
    Instant since,
    Instant last,
    @Nullable Owner owner) {

  /**
   * Who had a port; what is in TIME_WAIT there now was probably theirs.
   *
   * @param user the name of the user, or the number of one that has no name
   * @param controlGroup null where it is not known
   * @param seen the last sample in which the kernel named them
   */
  public record Owner(String user, @Nullable ControlGroup controlGroup, Instant seen) {}
}
