package io.github.portpool.linux.netlink;

import io.github.portpool.linux.MalformedMessageException;

/**
 * One connection of a ctnetlink answer, {@code include/uapi/linux/netfilter/nfnetlink.h} and {@code
 * nfnetlink_conntrack.h}.
 *
 * <pre>
 * struct nfgenmsg { u8 nfgen_family; u8 version; be16 res_id; }
 * CTA_TUPLE_REPLY { CTA_TUPLE_IP    { CTA_IP_V4_SRC, CTA_IP_V4_DST      // be32
 *                                  or CTA_IP_V6_SRC, CTA_IP_V6_DST }    // be32[4]
 *                   CTA_TUPLE_PROTO { CTA_PROTO_NUM                     // u8
 *                                     CTA_PROTO_SRC_PORT } }            // be16
 * CTA_STATUS                                                            // be32
 * </pre>
 *
 * <p>A view of an array of ints in the order of a little-endian host, moved from message to message
 * and reading nothing beyond them. The reply tuple is what the far end sends back: its source is
 * the server, its destination the address that the connection was translated to. For one thread.
 */
public final class ConntrackMessage {
  /** CTA_STATUS: the source was translated, {@code nf_conntrack_common.h}. */
  public static final int IPS_SRC_NAT = 1 << 4;

  /** The attribute that holds the state bits, and the one that says which of them to filter by. */
  public static final int CTA_STATUS = 3;

  public static final int CTA_STATUS_MASK = 26;

  private static final int NFGENMSG_BYTES = 4;
  private static final int CTA_TUPLE_REPLY = 2;
  private static final int CTA_TUPLE_IP = 1;
  private static final int CTA_TUPLE_PROTO = 2;
  private static final int CTA_IP_V4_SRC = 1;
  private static final int CTA_IP_V4_DST = 2;
  private static final int CTA_IP_V6_SRC = 3;
  private static final int CTA_IP_V6_DST = 4;
  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_PROTO_SRC_PORT = 2;

  private int[] words = {};
  private int family;
  private int status;
  private int ip; // the attribute CTA_TUPLE_IP of the reply
  private int proto; // the attribute CTA_TUPLE_PROTO of the reply
  private int protocol;

  /**
   * Moves to the message whose struct nfgenmsg is at word {@code at}.
   *
   * @param bytes the length of the structure and its attributes
   * @throws MalformedMessageException when it is no connection
   */
  public void wrap(int[] block, int at, int bytes) throws MalformedMessageException {
    if (bytes < NFGENMSG_BYTES) {
      throw new MalformedMessageException("a connection of " + bytes + " bytes");
    }
    words = block;
    family = block[at] & 0xff;
    int first = at + NFGENMSG_BYTES / Integer.BYTES;
    int rest = bytes - NFGENMSG_BYTES;
    status = Integer.reverseBytes(block[content(find(first, rest, CTA_STATUS), Integer.BYTES)]);
    int reply = find(first, rest, CTA_TUPLE_REPLY);
    ip = findIn(reply, CTA_TUPLE_IP);
    proto = findIn(reply, CTA_TUPLE_PROTO);
    protocol = block[content(findIn(proto, CTA_PROTO_NUM), Byte.BYTES)] & 0xff;
  }

  /** Whether its source address or port was translated. */
  public boolean isSourceTranslated() {
    return (status & IPS_SRC_NAT) != 0;
  }

  /** The number of its protocol, IPPROTO_TCP and so on. */
  public int protocol() {
    return protocol;
  }

  /** Whether its addresses are of IPv6. */
  public boolean isIpv6() throws MalformedMessageException {
    if (family != InetDiag.AF_INET && family != InetDiag.AF_INET6) {
      throw new MalformedMessageException("a connection of address family " + family);
    }
    return family == InetDiag.AF_INET6;
  }

  /** The index of the source of the reply, four words or one as {@link #isIpv6} says. */
  public int replySource() throws MalformedMessageException {
    return isIpv6() ? address(CTA_IP_V6_SRC, 4) : address(CTA_IP_V4_SRC, 1);
  }

  /** The index of the destination of the reply, four words or one as {@link #isIpv6} says. */
  public int replyDestination() throws MalformedMessageException {
    return isIpv6() ? address(CTA_IP_V6_DST, 4) : address(CTA_IP_V4_DST, 1);
  }

  /** The word at an index, in host order. */
  public int word(int index) {
    return Integer.reverseBytes(words[index]);
  }

  /** The source port of the reply; of protocols with ports. */
  public int replySourcePort() throws MalformedMessageException {
    int port = words[content(findIn(proto, CTA_PROTO_SRC_PORT), Short.BYTES)];
    return Short.toUnsignedInt(Short.reverseBytes((short) port));
  }

  private int address(int type, int length) throws MalformedMessageException {
    return content(findIn(ip, type), length * Integer.BYTES);
  }

  private int findIn(int parent, int type) throws MalformedMessageException {
    return find(parent + 1, NetlinkAttributes.contentBytes(words, parent), type);
  }

  private int find(int at, int bytes, int type) throws MalformedMessageException {
    int attribute = NetlinkAttributes.find(words, at, bytes, type);
    if (attribute == NetlinkAttributes.NONE) {
      throw new MalformedMessageException("a connection without attribute " + type);
    }
    return attribute;
  }

  private int content(int attribute, int bytes) throws MalformedMessageException {
    int actual = NetlinkAttributes.contentBytes(words, attribute);
    if (actual < bytes) {
      throw new MalformedMessageException(
          "an attribute of " + actual + " bytes instead of " + bytes);
    }
    return attribute + 1;
  }
}
