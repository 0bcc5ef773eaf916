package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** The bytes of one connection of a ctnetlink answer, and of the attributes that it is made of. */
public final class ConntrackBytes {
  public static final int NLA_F_NESTED = 0x8000;
  public static final int TUPLE_ORIG = 1;
  public static final int TUPLE_REPLY = 2;
  public static final int STATUS = 3;
  public static final int TIMEOUT = 7;
  public static final int SRC_NAT = 1 << 4;
  public static final int CONFIRMED = 1 << 3;

  private ConntrackBytes() {}

  /** A connection with all that matters, and more. */
  public static byte[] connection(int protocol, int status, String nat, String server, int port) {
    int family = server.contains(":") ? 10 : 2;
    return message(
        family,
        tuple(TUPLE_ORIG, protocol, server, 1, server, port),
        tuple(TUPLE_REPLY, protocol, server, port, nat, 40_000),
        attribute(STATUS, bigEndian(status)),
        attribute(TIMEOUT, bigEndian(119)));
  }

  /** struct nfgenmsg and attributes. */
  public static byte[] message(int family, byte[]... attributes) {
    return join(new byte[] {(byte) family, 0, 0, 0}, join(attributes));
  }

  /** CTA_TUPLE_ORIG or CTA_TUPLE_REPLY. */
  public static byte[] tuple(
      int type, int protocol, String source, int sourcePort, String destination, int port) {
    int first = source.contains(":") ? 3 : 1;
    return attribute(
        type | NLA_F_NESTED,
        attribute(
            1 | NLA_F_NESTED,
            attribute(first, address(source)),
            attribute(first + 1, address(destination))),
        attribute(
            2 | NLA_F_NESTED,
            attribute(1, new byte[] {(byte) protocol}),
            attribute(2, bigEndian((short) sourcePort)),
            attribute(3, bigEndian((short) port))));
  }

  /** struct nlattr, content and padding. */
  public static byte[] attribute(int type, byte[]... contents) {
    byte[] content = join(contents);
    ByteBuffer bytes = ByteBuffer.allocate((4 + content.length + 3) & -4).order(LITTLE_ENDIAN);
    bytes.putShort((short) (4 + content.length)).putShort((short) type).put(content);
    return bytes.array();
  }

  public static byte[] bigEndian(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  public static byte[] bigEndian(short value) {
    return ByteBuffer.allocate(2).putShort(value).array();
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
