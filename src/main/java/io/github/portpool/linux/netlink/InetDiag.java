package io.github.portpool.linux.netlink;

/**
 * The layout of an inet_diag answer, {@code include/uapi/linux/inet_diag.h}.
 *
 * <pre>
 * struct inet_diag_msg {
 *   u8 idiag_family, idiag_state, idiag_timer, idiag_retrans;                    // word 0
 *   struct inet_diag_sockid {
 *     be16 idiag_sport, idiag_dport;                                             // word 1
 *     be32 idiag_src[4], idiag_dst[4];                                           // words 2, 6
 *     u32 idiag_if, idiag_cookie[2];                                             // words 10, 11
 *   } id;
 *   u32 idiag_expires, idiag_rqueue, idiag_wqueue, idiag_uid, idiag_inode;       // words 13 to 17
 * };
 * </pre>
 *
 * <p>Pure functions of an array of ints in the order of a little-endian host; {@code at} is the
 * index of the structure's first word.
 */
public final class InetDiag {
  /** The size of struct inet_diag_msg; attributes follow it. */
  public static final int MESSAGE_BYTES = 72;

  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int IPPROTO_TCP = 6;
  public static final int IPPROTO_UDP = 17;

  private InetDiag() {}

  /** idiag_family. */
  public static int family(int[] words, int at) {
    return words[at] & 0xff;
  }

  /** idiag_state, numbered as in {@code include/net/tcp_states.h}. */
  public static int state(int[] words, int at) {
    return (words[at] >>> 8) & 0xff;
  }

  /** idiag_sport in host order. */
  public static int localPort(int[] words, int at) {
    return Short.toUnsignedInt(Short.reverseBytes((short) words[at + 1]));
  }

  /** idiag_dport in host order. */
  public static int remotePort(int[] words, int at) {
    return Short.toUnsignedInt(Short.reverseBytes((short) (words[at + 1] >>> 16)));
  }

  /** One of the four words of idiag_src in host order; the first is all there is of IPv4. */
  public static int localAddress(int[] words, int at, int word) {
    return Integer.reverseBytes(words[at + 2 + word]);
  }

  /** One of the four words of idiag_dst in host order; the first is all there is of IPv4. */
  public static int remoteAddress(int[] words, int at, int word) {
    return Integer.reverseBytes(words[at + 6 + word]);
  }

  /** idiag_if: the interface that the socket is bound to, or 0. */
  public static int interfaceIndex(int[] words, int at) {
    return words[at + 10];
  }

  /** idiag_expires: milliseconds until the timer fires; of TIME_WAIT, until it ends. */
  public static int expiresMillis(int[] words, int at) {
    return words[at + 13];
  }

  /** idiag_uid: the user id of the socket; 0 also for TIME_WAIT and NEW_SYN_RECV. */
  public static int uid(int[] words, int at) {
    return words[at + 16];
  }

  /** idiag_inode: the inode number of the socket, or 0 when no file refers to it. */
  public static long inode(int[] words, int at) {
    return Integer.toUnsignedLong(words[at + 17]);
  }
}
