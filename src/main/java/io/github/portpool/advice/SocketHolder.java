package io.github.portpool.advice;

import java.util.List;
import java.util.stream.Stream;

/**
 * The outgoing connections on pool ports of one control group and user.
 *
 * @param controlGroup the id of the control group, or 0 where it is not known
 * @param connections all of them, but for what no process holds
 * @param closeWait those whose peer has closed and their program has not
 * @param named those whose program named the port in bind()
 * @param bindFirst those whose port bind() to port 0 chose, before connect(): known or guessed
 * @param connectFirst those whose port connect() chose, where that is a guess
 * @param outlived those that share a port whose listener has gone
 */
record SocketHolder(
    long controlGroup,
    int uid,
    int connections,
    Some closeWait,
    Some named,
    Some bindFirst,
    int connectFirst,
    Some outlived) {
  /** The inode numbers of a few sockets of each kind. */
  List<Long> inodes() {
    return Stream.of(closeWait, named, bindFirst, outlived)
        .flatMap(some -> some.inodes().stream())
        .toList();
  }

  /**
   * Some of the sockets.
   *
   * @param count how many
   * @param inodes the inode numbers of the first few
   */
  record Some(int count, List<Long> inodes) {
    /** None. */
    static final Some NONE = new Some(0, List.of());
  }
}
