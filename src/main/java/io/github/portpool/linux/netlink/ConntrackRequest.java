package io.github.portpool.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a request for a dump of connections.
 *
 * <pre>
 * struct nlmsghdr { ... }                                               // 16 bytes
 * struct nfgenmsg { u8 nfgen_family; u8 version; be16 res_id; }         // 4
 * struct nlattr { u16 nla_len, nla_type; } be32 CTA_STATUS              // 8
 * struct nlattr { u16 nla_len, nla_type; } be32 CTA_STATUS_MASK         // 8
 * </pre>
 */
public final class ConntrackRequest {
  private static final int NFNL_SUBSYS_CTNETLINK = 1; // include/uapi/linux/netfilter/nfnetlink.h
  private static final int IPCTNL_MSG_CT_NEW = 0; // nfnetlink_conntrack.h
  private static final int IPCTNL_MSG_CT_GET = 1;

  /** The type of the messages that answer. */
  public static final int CT_NEW = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;

  private static final int CT_GET = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
  private static final int ATTRIBUTE_BYTES = 8;
  private static final int BYTES = NetlinkMessages.HEADER_BYTES + 4 + 2 * ATTRIBUTE_BYTES;

  private ConntrackRequest() {}

  /**
   * A request for the connections of both families whose source is translated. A kernel that does
   * not know the filter ignores it.
   */
  public static byte[] translated(int sequence) {
    ByteBuffer request = ByteBuffer.allocate(BYTES);
    NetlinkMessages.writeDumpHeader(request, CT_GET, sequence);
    request.putInt(0); // AF_UNSPEC, NFNETLINK_V0
    attribute(request, ConntrackMessage.CTA_STATUS);
    attribute(request, ConntrackMessage.CTA_STATUS_MASK);
    return request.array();
  }

  private static void attribute(ByteBuffer request, int type) {
    request.putShort((short) ATTRIBUTE_BYTES).putShort((short) type);
    request.order(ByteOrder.BIG_ENDIAN).putInt(ConntrackMessage.IPS_SRC_NAT);
    request.order(ByteOrder.nativeOrder());
  }
}
