package io.github.portpool.linux.netlink;

import io.github.portpool.linux.MalformedMessageException;

/**
 * The attributes behind a struct inet_diag_msg that matter, read in one walk: {@code
 * inet_diag_msg_attrs_fill()}, {@code net/ipv4/inet_diag.c}.
 *
 * <p>One instance serves all sockets of one thread. TIME_WAIT and NEW_SYN_RECV have no attributes.
 */
public final class InetDiagAttributes {
  private static final int INET_DIAG_SKV6ONLY = 11; // include/uapi/linux/inet_diag.h: u8
  private static final int INET_DIAG_CGROUP_ID = 21; // u64
  private static final int INET_DIAG_SOCKOPT = 22; // struct inet_diag_sockopt, two bytes of bits
  private static final int NONE = 1 << 31;
  private static final int TRANSPARENT = 1 << 5;
  private static final int BIND_ADDRESS_NO_PORT = 1 << 8;
  private static final int HEADER_BYTES = 4;

  private boolean v6only;
  private int options; // or NONE
  private long controlGroup;

  /**
   * Reads the attributes of one socket and forgets those of the one before.
   *
   * @param at the index of the structure's first word
   * @param bytes the length of the structure and its attributes
   * @throws MalformedMessageException when the attributes do not fit in it
   */
  public void read(int[] words, int at, int bytes) throws MalformedMessageException {
    boolean only = false;
    int bits = NONE;
    long group = 0;
    int word = at + InetDiag.MESSAGE_BYTES / Integer.BYTES;
    int left = bytes - InetDiag.MESSAGE_BYTES;
    while (left >= HEADER_BYTES) {
      // struct nlattr { u16 nla_len; u16 nla_type; }
      int header = words[word];
      int length = header & 0xffff;
      if (length < HEADER_BYTES || length > left) {
        throw new MalformedMessageException("a netlink attribute of " + length + " bytes");
      }
      int type = header >>> 16;
      if (type == INET_DIAG_CGROUP_ID && length >= HEADER_BYTES + Long.BYTES) {
        group = Integer.toUnsignedLong(words[word + 1]) | ((long) words[word + 2] << 32);
      } else if (type == INET_DIAG_SKV6ONLY && length > HEADER_BYTES) {
        only = (words[word + 1] & 0xff) != 0;
      } else if (type == INET_DIAG_SOCKOPT && length >= HEADER_BYTES + Short.BYTES) {
        bits = words[word + 1] & 0xffff;
      }
      int size = (length + Integer.BYTES - 1) / Integer.BYTES; // of nlattr in words
      word += size;
      left -= size * Integer.BYTES;
    }
    v6only = only;
    options = bits;
    controlGroup = group;
  }

  /**
   * Whether the socket serves IPv6 alone. The kernel says so of IPv6 sockets that listen or have no
   * peer.
   */
  public boolean v6only() {
    return v6only;
  }

  /** Whether the kernel shows the options that follow: Linux 5.10, and not of every socket. */
  public boolean haveOptions() {
    return options != NONE;
  }

  /** Whether the socket may have addresses that are not the host's: IP_TRANSPARENT. */
  public boolean transparent() {
    return (options & TRANSPARENT) != 0;
  }

  /** Whether bind() left the port to connect(): IP_BIND_ADDRESS_NO_PORT. */
  public boolean bindAddressNoPort() {
    return (options & BIND_ADDRESS_NO_PORT) != 0;
  }

  /** The id of the control group that made the socket, or 0 where the kernel does not say. */
  public long controlGroup() {
    return controlGroup;
  }
}
