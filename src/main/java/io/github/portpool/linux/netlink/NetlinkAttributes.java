package io.github.portpool.linux.netlink;

import io.github.portpool.linux.MalformedMessageException;

/**
 * The attributes that follow or fill a netlink structure, {@code include/uapi/linux/netlink.h}.
 *
 * <pre>
 * struct nlattr { u16 nla_len; u16 nla_type; }
 * </pre>
 *
 * <p>Pure functions of an array of ints in the order of a little-endian host. An attribute is given
 * by the index of its first word; its content follows in the next.
 */
final class NetlinkAttributes {
  static final int NONE = -1;

  private static final int HEADER_BYTES = 4;
  private static final int NLA_TYPE_MASK = 0x3fff; // without NLA_F_NESTED, NLA_F_NET_BYTEORDER

  private NetlinkAttributes() {}

  /**
   * The first attribute of a type among those in {@code bytes} bytes from word {@code at}, or
   * {@link #NONE}.
   *
   * @throws MalformedMessageException when one of those before it does not fit
   */
  static int find(int[] words, int at, int bytes, int type) throws MalformedMessageException {
    int offset = 0;
    while (bytes - offset >= HEADER_BYTES) {
      int header = words[at + offset / Integer.BYTES];
      int length = header & 0xffff;
      if (length < HEADER_BYTES || length > bytes - offset) {
        throw new MalformedMessageException("a netlink attribute of " + length + " bytes");
      }
      if ((header >>> 16 & NLA_TYPE_MASK) == type) {
        return at + offset / Integer.BYTES;
      }
      offset += (length + Integer.BYTES - 1) & -Integer.BYTES;
    }
    return NONE;
  }

  /** The length of an attribute's content. */
  static int contentBytes(int[] words, int attribute) {
    return (words[attribute] & 0xffff) - HEADER_BYTES;
  }
}
