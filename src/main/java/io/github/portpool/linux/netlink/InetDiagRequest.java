package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.github.portpool.snapshot.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a request for a dump of sockets.
 *
 * <pre>
 * struct nlmsghdr { ... }                                               // 16 bytes
 * struct inet_diag_req_v2 { u8 sdiag_family, sdiag_protocol, idiag_ext, pad;
 *                           u32 idiag_states; struct inet_diag_sockid id; }                // 56
 * or struct inet_diag_req { u8 idiag_family, idiag_src_len, idiag_dst_len, idiag_ext;
 *                           struct inet_diag_sockid id; u32 idiag_states, idiag_dbs; }     // 60
 * struct nlattr { u16 nla_len, nla_type; } and the program of a {@link InetDiagFilter}
 * </pre>
 */
public final class InetDiagRequest {
  /** One walk for both families, TCP alone: the older interface, {@code inet_diag_req}. */
  public static final int BOTH_FAMILIES = 0;

  public static final int TCPDIAG_GETSOCK = 18; // include/uapi/linux/inet_diag.h
  public static final int SOCK_DIAG_BY_FAMILY = 20; // include/uapi/linux/sock_diag.h
  private static final int INET_DIAG_REQ_BYTECODE = 1;
  private static final int SOCKET_ID = 48;
  private static final int ATTRIBUTE_HEADER = 4;

  private InetDiagRequest() {}

  /**
   * A request for the sockets of a family in some states that a program accepts.
   *
   * @param family AF_INET, AF_INET6 or {@link #BOTH_FAMILIES}
   * @param states one bit for each state, {@code 1 << TCP_LISTEN} and so on
   */
  public static byte[] of(Protocol protocol, int family, int states, byte[] program, int sequence) {
    boolean both = family == BOTH_FAMILIES;
    int body = both ? SOCKET_ID + 12 : SOCKET_ID + 8;
    ByteBuffer request =
        ByteBuffer.allocate(
            NetlinkMessages.HEADER_BYTES + body + ATTRIBUTE_HEADER + program.length);
    int type = both ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY;
    NetlinkMessages.writeDumpHeader(request, type, sequence);
    if (both) {
      request.putInt(0).position(request.position() + SOCKET_ID);
      request.putInt(states).putInt(0);
    } else {
      int number = protocol == Protocol.TCP ? InetDiag.IPPROTO_TCP : InetDiag.IPPROTO_UDP;
      request.put((byte) family).put((byte) number).putShort((short) 0);
      request.putInt(states).position(request.position() + SOCKET_ID);
    }
    request.putShort((short) (ATTRIBUTE_HEADER + program.length));
    request.putShort((short) INET_DIAG_REQ_BYTECODE);
    request.put(program);
    return request.array();
  }

  /** Whether this machine orders bytes in a way that the decoders do not read. */
  public static boolean unsupportedByteOrder() {
    return ByteOrder.nativeOrder() == BIG_ENDIAN;
  }

  /** The families of the two dumps that replace {@link #BOTH_FAMILIES}. */
  public static int[] families() {
    return new int[] {InetDiag.AF_INET, InetDiag.AF_INET6};
  }
}
