package io.github.portpool.source.bpf;

import io.github.portpool.linux.netlink.SocketStates;
import io.github.portpool.snapshot.Protocol;
import io.github.portpool.snapshot.SocketState;
import io.github.portpool.source.SourceException;
import io.github.portpool.source.SourceException.Reason;
import io.github.portpool.table.Fact;
import io.github.portpool.table.IpAddress;
import io.github.portpool.table.SocketEntry;
import io.github.portpool.table.SocketSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The layout of {@code struct answer} and {@code struct record}, {@code
 * src/main/bpf/tcp_tables.bpf.c}: little-endian.
 *
 * <pre>
 * u32 used, lost, next, buckets, again, unused[11]; records
 * record: u8 state, flags; u16 local_port, remote_port, more_flags;
 *         u32 interface_index, uid, age_millis, netns; u64 inode, cgroup;
 *         be32 local address[1 or 4], remote address[1 or 4]
 * </pre>
 */
final class Answer {
  /** The size of what is before the records. */
  static final int HEAD = 64;

  /** The size of the whole. */
  static final int BYTES = HEAD + (1 << 20);

  private static final int ADDRESSES = 40;
  private static final int IPV4_BYTES = 48;
  private static final int IPV6_BYTES = 72;

  private static final int BIND_MADE = 1;
  private static final int BUCKET_KNOWN = 2;
  private static final int V6ONLY = 4;
  private static final int EXPLICIT_PORT = 8;
  private static final int TIMESTAMPS = 16;
  private static final int IN_FIN_WAIT2 = 32;
  private static final int IPV6 = 128;

  /** Of the further flags. */
  private static final int TRANSPARENT = 1;

  private static final int OF_UDP = 2;

  private static final @Nullable SocketState[] TCP_STATES = SocketStates.of(Protocol.TCP);
  private static final @Nullable SocketState[] UDP_STATES = SocketStates.of(Protocol.UDP);

  /** More torn records than these do not happen by chance. */
  private static final int MOST_TORN = 16;

  private final SocketEntry entry = new SocketEntry();

  /** The sockets for which there was no room, or that could not be followed. */
  static int lost(ByteBuffer answer) {
    return answer.getInt(4);
  }

  /** The first bucket that was not looked at. */
  static int next(ByteBuffer answer) {
    return answer.getInt(8);
  }

  /** The buckets of the whole table; none where the kernel does not show it. */
  static int buckets(ByteBuffer answer) {
    return answer.getInt(12);
  }

  /** The bytes that are in use, the head included. */
  static int length(ByteBuffer answer) {
    return HEAD + answer.getInt(0);
  }

  /** Takes the record of a socket in another network namespace. */
  @FunctionalInterface
  interface Elsewhere {
    /** Returns whether it was one. */
    boolean take(long netns, ByteBuffer answer, int at, int bytes);
  }

  /**
   * Passes the sockets of an answer on.
   *
   * @return how many could not be: they were torn, because they changed while they were copied
   */
  int pass(ByteBuffer answer, Elsewhere elsewhere, SocketSink sink) {
    return pass(answer, HEAD, Math.min(length(answer), answer.limit()), elsewhere, sink);
  }

  /** The same of records alone, all of one namespace. */
  int pass(ByteBuffer records, SocketSink sink) {
    return pass(records, 0, records.position(), (_, _, _, _) -> false, sink);
  }

  private int pass(ByteBuffer answer, int from, int end, Elsewhere elsewhere, SocketSink sink) {
    int torn = 0;
    int at = from;
    while (at + IPV4_BYTES <= end) {
      boolean ipv6 = (answer.get(at + 1) & IPV6) != 0;
      int bytes = ipv6 ? IPV6_BYTES : IPV4_BYTES;
      if (at + bytes > end) {
        torn++;
      } else if (!elsewhere.take(
          Integer.toUnsignedLong(answer.getInt(at + 20)), answer, at, bytes)) {
        if (read(answer, at, ipv6)) {
          sink.socket(entry);
        } else {
          torn++;
        }
      }
      at += bytes;
    }
    return at == end ? torn : torn + 1;
  }

  /**
   * Looks whether what was lost or torn may be chance.
   *
   * @throws SourceException when it may not
   */
  static void check(int lost, int torn) throws SourceException {
    if (lost > 0 || torn > MOST_TORN) {
      throw new SourceException(
          lost > 0 ? Reason.TRUNCATED : Reason.MALFORMED,
          "the kernel's tables of sockets could not be followed ("
              + lost
              + " lost, "
              + torn
              + " torn)");
    }
  }

  /** Reads the record at a place; false where it cannot be one. */
  private boolean read(ByteBuffer answer, int at, boolean ipv6) {
    int number = answer.get(at);
    int flags = answer.get(at + 1);
    int moreFlags = answer.getShort(at + 6);
    boolean udp = (moreFlags & OF_UDP) != 0;
    @Nullable SocketState[] states = udp ? UDP_STATES : TCP_STATES;
    SocketState state = number > 0 && number < states.length ? states[number] : null;
    SocketEntry socket = entry;
    socket.protocol = udp ? Protocol.UDP : Protocol.TCP;
    socket.localPort = Short.toUnsignedInt(answer.getShort(at + 2));
    socket.remotePort = Short.toUnsignedInt(answer.getShort(at + 4));
    if (state == null
        || socket.localPort == 0
        || state.hasDestination() != (socket.remotePort != 0)) {
      return false;
    }
    boolean request = !udp && number == SocketStates.TCP_NEW_SYN_RECV;
    if ((flags & BUCKET_KNOWN) == 0 && !request) {
      return false; // it was just being closed
    }
    boolean timeWait = state == SocketState.TIME_WAIT;
    socket.state = timeWait && (flags & IN_FIN_WAIT2) != 0 ? SocketState.FIN_WAIT2 : state;
    socket.bindMade = (flags & BIND_MADE) != 0 ? Fact.YES : Fact.NO;
    socket.explicitPort = (flags & EXPLICIT_PORT) != 0 ? Fact.YES : Fact.NO;
    socket.intercepted = isIntercepted(socket, moreFlags) ? Fact.YES : Fact.NO;
    socket.timestamps = (flags & TIMESTAMPS) != 0 ? Fact.YES : Fact.NO;
    socket.v6only = ipv6 && (flags & V6ONLY) != 0;
    socket.interfaceIndex = answer.getInt(at + 8);
    socket.uid = answer.getInt(at + 12);
    socket.ageMillis = answer.getInt(at + 16);
    socket.expiresMillis =
        timeWait
            ? Math.clamp(
                SocketEntry.TIME_WAIT_MILLIS - (long) socket.ageMillis,
                0,
                SocketEntry.TIME_WAIT_MILLIS)
            : 0;
    socket.inode = answer.getLong(at + 24);
    socket.controlGroup = answer.getLong(at + 32);
    if (ipv6) {
      socket.localHigh = address(answer, at + ADDRESSES);
      socket.localLow = address(answer, at + ADDRESSES + 8);
      socket.remoteHigh = address(answer, at + ADDRESSES + 16);
      socket.remoteLow = address(answer, at + ADDRESSES + 24);
    } else {
      socket.localHigh = 0;
      socket.localLow = IpAddress.mapped(Integer.reverseBytes(answer.getInt(at + ADDRESSES)));
      socket.remoteHigh = 0;
      socket.remoteLow = IpAddress.mapped(Integer.reverseBytes(answer.getInt(at + ADDRESSES + 4)));
    }
    return true;
  }

  /**
   * Whether a connection came in through a transparent proxy: it has the listener's IP_TRANSPARENT,
   * and a bucket that bind() made although the program did not name the port. So has what a proxy
   * opens after bind() to port 0, whose port is as closed. UDP's proxies name the port that their
   * client asked for.
   */
  private static boolean isIntercepted(SocketEntry socket, int moreFlags) {
    return (moreFlags & TRANSPARENT) != 0
        && socket.state.hasDestination()
        && socket.bindMade == Fact.YES
        && (socket.explicitPort == Fact.YES) == (socket.protocol == Protocol.UDP);
  }

  private static long address(ByteBuffer answer, int at) {
    return Long.reverseBytes(answer.getLong(at));
  }
}
