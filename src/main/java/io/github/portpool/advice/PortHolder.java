package io.github.portpool.advice;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The sockets on pool ports of one control group and user toward one destination.
 *
 * @param destination one of the worst, as its source and destination are named, or empty for all
 *     others
 * @param controlGroup the id of the control group, or 0 where it is not known
 * @param sockets how many in each state, none of 0
 * @param inodes the inode numbers of some
 */
record PortHolder(
    Protocol protocol,
    String destination,
    long controlGroup,
    int uid,
    Map<SocketState, Integer> sockets,
    List<Long> inodes) {
  /** All of them. */
  int count() {
    return sockets.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many and whose, in a line. */
  String line(Owners owners) {
    String states =
        sockets.entrySet().stream()
            .sorted(Map.Entry.<SocketState, Integer>comparingByValue().reversed())
            .map(each -> "%d %s".formatted(each.getValue(), each.getKey().name()))
            .collect(Collectors.joining(", "));
    boolean nobody = inodes.isEmpty() && controlGroup == 0;
    return states
        + ": "
        + (nobody ? "no process holds them" : owners.describe(controlGroup, uid, inodes));
  }
}
