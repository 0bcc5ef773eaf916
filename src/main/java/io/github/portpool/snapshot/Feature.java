package io.github.portpool.snapshot;

/** Something that can only be told where the host lets one see it. */
public enum Feature implements Labelled {
  /** The ephemeral range was read, not assumed. */
  EPHEMERAL_RANGE,
  /** Sockets in TIME_WAIT are seen. */
  TIME_WAIT,
  /** TCP sockets that are bound and neither listen nor connect are seen. */
  BOUND_INACTIVE,
  /** Connected sockets whose program named the port are told from those it was given to. */
  EXPLICIT_BIND,
  /** Of every bind bucket it is seen if bind() made it: headroom is exact, not an upper bound. */
  EXACT_BLOCKED,
  /** connect() calls that failed for lack of a port are counted. */
  CONNECT_FAILURES,
  /** Network namespaces other than one's own are read. */
  NAMESPACES,
  /** Processes that own sockets are named. */
  PROCESSES,
  /** Control groups that own sockets are named. */
  CGROUPS,
  /** The NAT table is read. */
  CONNTRACK;
}
