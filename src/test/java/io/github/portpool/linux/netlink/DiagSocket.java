package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A socket as the kernel writes it: struct inet_diag_msg and attributes. */
public final class DiagSocket {
  // include/net/tcp_states.h
  public static final int ESTABLISHED = 1;
  public static final int SYN_RECV = 3;
  public static final int FIN_WAIT2 = 5;
  public static final int TIME_WAIT = 6;
  public static final int CLOSE = 7;
  public static final int LISTEN = 10;

  public static final int INET_DIAG_SHUTDOWN = 8;
  public static final int INET_DIAG_SKV6ONLY = 11;
  public static final int INET_DIAG_CGROUP_ID = 21;
  public static final int INET_DIAG_SOCKOPT = 22;

  private final ByteBuffer message =
      ByteBuffer.allocate(InetDiag.MESSAGE_BYTES).order(LITTLE_ENDIAN);
  private final ByteArrayOutputStream attributes = new ByteArrayOutputStream();

  private DiagSocket(
      int family, int state, byte[] local, int localPort, byte[] remote, int remotePort) {
    message.put(0, (byte) family).put(1, (byte) state);
    message.order(BIG_ENDIAN).putShort(4, (short) localPort).putShort(6, (short) remotePort);
    message.put(8, local).put(24, remote).order(LITTLE_ENDIAN);
  }

  /** An IPv4 socket. */
  public static DiagSocket ipv4(
      int state, String local, int localPort, String remote, int remotePort) {
    return new DiagSocket(
        InetDiag.AF_INET,
        state,
        InetAddress.ofLiteral(local).getAddress(),
        localPort,
        InetAddress.ofLiteral(remote).getAddress(),
        remotePort);
  }

  /** An IPv6 socket; an IPv4 address becomes a mapped one. */
  public static DiagSocket ipv6(
      int state, String local, int localPort, String remote, int remotePort) {
    return new DiagSocket(
        InetDiag.AF_INET6, state, sixteen(local), localPort, sixteen(remote), remotePort);
  }

  /** Sets idiag_if. */
  public DiagSocket on(int interfaceIndex) {
    message.putInt(40, interfaceIndex);
    return this;
  }

  /** Sets idiag_expires. */
  public DiagSocket expires(int millis) {
    message.putInt(52, millis);
    return this;
  }

  /** Sets idiag_uid and idiag_inode. */
  public DiagSocket owner(int uid, int inode) {
    message.putInt(64, uid).putInt(68, inode);
    return this;
  }

  /** Adds the attribute INET_DIAG_CGROUP_ID. */
  public DiagSocket controlGroup(long id) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN).putLong(id).array();
    attributeHeader(4 + bytes.length, INET_DIAG_CGROUP_ID);
    attributes.writeBytes(bytes);
    return this;
  }

  /** Adds the attribute INET_DIAG_SOCKOPT: struct inet_diag_sockopt. */
  public DiagSocket options(boolean transparent, boolean bindAddressNoPort) {
    // recverr, is_icsk, freebind, hdrincl, mc_loop, transparent, ...; bind_address_no_port, ...
    return attribute(
        INET_DIAG_SOCKOPT, transparent ? 0b111111 : 0b011111, bindAddressNoPort ? 0b11 : 0b10);
  }

  /** Sets the family's byte to whatever. */
  public DiagSocket family(int family) {
    message.put(0, (byte) family);
    return this;
  }

  /** Adds an attribute and its padding. */
  public DiagSocket attribute(int type, int... payload) {
    int length = 4 + payload.length;
    attributeHeader(length, type);
    for (int value : payload) {
      attributes.write(value);
    }
    for (int padding = length; padding % 4 != 0; padding++) {
      attributes.write(0);
    }
    return this;
  }

  /** Adds the header of an attribute that says what it likes. */
  public DiagSocket attributeHeader(int length, int type) {
    attributes.writeBytes(
        ByteBuffer.allocate(4)
            .order(LITTLE_ENDIAN)
            .putShort((short) length)
            .putShort((short) type)
            .array());
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(message.array());
    all.writeBytes(attributes.toByteArray());
    return all.toByteArray();
  }

  private static byte[] sixteen(String literal) {
    byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
    return bytes.length == 16
        ? bytes
        : ByteBuffer.allocate(16).putShort(10, (short) -1).put(12, bytes).array();
  }
}
