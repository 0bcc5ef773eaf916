package io.github.portpool.source;

/** A network namespace other than the agent's own. Used by one thread at a time. */
public interface Namespace {
  /**
   * The name for labels, which no other namespace has: that under /run/netns, else the pod's uid or
   * the container's id, else the inode number.
   */
  String name();

  /** How many ports its pool had when it was opened. */
  int capacity();

  /**
   * The sockets of the namespace by /proc/net/sockstat, TIME_WAIT included: no more ports can be in
   * use. Costs two small reads, however many sockets there are.
   *
   * @throws SourceException when it could not be read
   */
  long sockets() throws SourceException;

  /**
   * Opens the way to its sockets; the caller closes it.
   *
   * @throws SourceException when the namespace may not be entered, or has gone
   */
  SocketSource open() throws SourceException;

  /**
   * Opens its connection tracking table; the caller closes it.
   *
   * @throws SourceException when the namespace may not be entered, or tracks nothing
   */
  ConntrackSource openConntrack() throws SourceException;
}
