package io.github.portpool.table;

import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;

/**
 * One socket as a source reads it: a mutable view that the source fills again for each socket, so
 * that a pass over a million of them allocates nothing.
 *
 * <p>Whoever receives it copies what it needs before it returns. Addresses are in the form of
 * {@link IpAddress}.
 */
public final class SocketEntry {
  /** For what a source cannot find out. */
  public static final int UNKNOWN = -1;

  /** The protocol. */
  public Protocol protocol = Protocol.TCP;

  /** The state. */
  public SocketState state = SocketState.ESTABLISHED;

  /** The first half of the local address. */
  public long localHigh;

  /** The second half of the local address. */
  public long localLow;

  /** The first half of the remote address. */
  public long remoteHigh;

  /** The second half of the remote address. */
  public long remoteLow;

  /** The local port, 0 to 65535. */
  public int localPort;

  /** The remote port, 0 to 65535; 0 without a peer. */
  public int remotePort;

  /** The index of the interface that the socket is bound to (SO_BINDTODEVICE), or 0. */
  public int interfaceIndex;

  /**
   * The inode number of the socket, which /proc/PID/fd names, or 0 for one that no process holds.
   */
  public long inode;

  /** The user id of the process that made the socket; 0 also where the kernel does not know. */
  public int uid;

  /**
   * The id of the process that holds the socket: {@link #UNKNOWN} where the source cannot find it,
   * 0 where it tells inode numbers instead.
   */
  public int pid;

  /** The id of the control group that made the socket, or 0 where the kernel does not know. */
  public long controlGroup;

  /** How long a TIME_WAIT lives, in milliseconds: TCP_TIMEWAIT_LEN, {@code include/net/tcp.h}. */
  public static final int TIME_WAIT_MILLIS = 60_000;

  /** How long a TIME_WAIT has still to live, in milliseconds; 0 in other states. */
  public int expiresMillis;

  /**
   * How old a TIME_WAIT is by the clock that decides if it may be taken over, in milliseconds:
   * before Linux 6.14 that has whole seconds alone.
   */
  public int ageMillis;

  /** Whether the peer of a TIME_WAIT sent timestamps, without which nobody takes it over. */
  public Fact timestamps = Fact.UNKNOWN;

  /** Whether the socket is known to serve IPv6 alone (IPV6_V6ONLY). */
  public boolean v6only;

  /** Whether the program named the port in {@code bind()} (SOCK_BINDPORT_LOCK). */
  public Fact explicitPort = Fact.UNKNOWN;

  /**
   * Whether the bind bucket of the port has an owner made by {@code bind()}, which closes the port
   * to every {@code connect()} ({@code inet_bind_bucket.fastreuse >= 0}).
   */
  public Fact bindMade = Fact.UNKNOWN;

  /**
   * Whether the connection came in through a transparent proxy's listener (TPROXY), which has
   * another port; unknown of TIME_WAIT and of orphans where there is one.
   */
  public Fact intercepted = Fact.NO;

  /**
   * Whether the socket waits for strangers: a TCP listener, or a UDP socket without a peer on a
   * port that its program named. A UDP client that only ever sends has a port too, but chosen by
   * the kernel: it is no listener.
   */
  public boolean isListener() {
    return state == SocketState.LISTEN
        || (state == SocketState.UNCONNECTED && explicitPort == Fact.YES);
  }
}
