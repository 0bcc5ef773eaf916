package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.github.portpool.snapshot.Protocol;
import java.nio.ByteBuffer;

/** What a test wants to know of a request; {@code family} is 0 where it asks for both. */
public record Request(int type, int sequence, Protocol protocol, int family, int states) {
  /** Reads the fields at the places where the kernel does. */
  public static Request of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
    int type = buffer.getShort(4);
    int sequence = buffer.getInt(8);
    return type == InetDiagRequest.TCPDIAG_GETSOCK
        ? new Request(type, sequence, Protocol.TCP, buffer.get(16), buffer.getInt(68))
        : new Request(
            type,
            sequence,
            buffer.get(17) == 6 ? Protocol.TCP : Protocol.UDP,
            buffer.get(16),
            buffer.getInt(20));
  }

  /** Whether it asks for sockets of both families at once. */
  public boolean bothFamilies() {
    return type == InetDiagRequest.TCPDIAG_GETSOCK;
  }

  /** Whether it asks for sockets that listen. */
  public boolean listeners() {
    return (states & (1 << DiagSocket.LISTEN)) != 0;
  }
}
