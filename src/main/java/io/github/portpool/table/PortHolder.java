package io.github.portpool.table;

import io.github.portpool.snapshot.DestinationUsage;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sockets on pool ports of one control group and user toward one destination.
 *
 * @param group one of the worst groups, or null for all others
 * @param controlGroup the id of the control group, or 0 where it is not known
 * @param sockets how many in each state, none of 0
 * @param inodes the inode numbers of some
 */
public record PortHolder(
    Protocol protocol,
    @Nullable Destination group,
    long controlGroup,
    int uid,
    Map<SocketState, Integer> sockets,
    List<Long> inodes) {
  /** All of them. */
  public int count() {
    return sockets.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether they are those of a destination. */
  public boolean isToward(DestinationUsage usage) {
    return group != null
        && protocol == usage.protocol()
        && group.destination().equals(usage.destination())
        && group.source().equals(usage.source());
  }

  /** Whether no process has them: what the kernel keeps of connections that were closed. */
  public boolean ownerless() {
    return inodes.isEmpty() && controlGroup == 0;
  }

  /** Whether both are the same one's, toward whatever. */
  public boolean isOfSameOwner(PortHolder other) {
    return protocol == other.protocol
        && controlGroup == other.controlGroup
        && uid == other.uid
        && ownerless() == other.ownerless();
  }

  /** The sockets of both, of the same owner, toward whatever. */
  public PortHolder plus(PortHolder other) {
    Map<SocketState, Integer> all = new EnumMap<>(SocketState.class);
    Stream.of(sockets, other.sockets)
        .forEach(each -> each.forEach((state, count) -> all.merge(state, count, Integer::sum)));
    List<Long> some = new ArrayList<>(inodes);
    some.addAll(other.inodes);
    return new PortHolder(protocol, null, controlGroup, uid, Map.copyOf(all), List.copyOf(some));
  }
}
