package io.github.portpool.snapshot;

/**
 * Something that can only be told where the host lets one see it. What the lack of it hides of the
 * pool's ports is a part of it, so that no blind spot is left out where a figure is called exact.
 */
public enum Feature implements Labelled {
  /** The ephemeral range was read, not assumed. */
  EPHEMERAL_RANGE(Hidden.RANGE),
  /** Sockets in TIME_WAIT are seen. */
  TIME_WAIT(Hidden.TCP_SOCKETS),
  /** TCP sockets that are bound and neither listen nor connect are seen. */
  BOUND_INACTIVE(Hidden.TCP_SOCKETS),
  /** Connected sockets whose program named the port are told from those it was given to. */
  EXPLICIT_BIND(Hidden.OF_SEEN_SOCKETS),
  /** Of every bind bucket it is seen if bind() made it: headroom is exact, not an upper bound. */
  EXACT_BLOCKED(Hidden.OF_SEEN_SOCKETS),
  /** connect() calls that failed for lack of a port are counted. */
  CONNECT_FAILURES(Hidden.NO_PORT),
  /** Network namespaces other than one's own are read. */
  NAMESPACES(Hidden.NO_PORT),
  /** Processes that own sockets are named. */
  PROCESSES(Hidden.NO_PORT),
  /** Control groups that own sockets are named. */
  CGROUPS(Hidden.NO_PORT),
  /** The NAT table is read. */
  CONNTRACK(Hidden.NO_PORT);

  /** What is not known of the ports where a feature is missing. */
  private enum Hidden {
    /** Which ports there are. */
    RANGE,
    /** TCP sockets, which take ports that look free. */
    TCP_SOCKETS,
    /** Something of sockets that are seen: each of them says so itself, and may not be there. */
    OF_SEEN_SOCKETS,
    /** Nothing. */
    NO_PORT
  }

  private final Hidden hidden;

  Feature(Hidden hidden) {
    this.hidden = hidden;
  }

  /** Whether ports of a protocol that look free may not be, where this is missing. */
  public boolean hidesPorts(Protocol protocol) {
    return hidesRange() || (hidden == Hidden.TCP_SOCKETS && protocol == Protocol.TCP);
  }

  /** Whether it is not known which ports there are, where this is missing. */
  public boolean hidesRange() {
    return hidden == Hidden.RANGE;
  }
}
