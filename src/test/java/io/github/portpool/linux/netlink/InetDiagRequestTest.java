package io.github.portpool.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.portpool.snapshot.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets by pahole of struct inet_diag_req_v2 and struct inet_diag_req. */
class InetDiagRequestTest {
  private static final byte[] PROGRAM = {1, 4, 8, 0, 6, 4, 4, 0};

  @ParameterizedTest
  @CsvSource({"TCP, 2, 6", "TCP, 10, 6", "UDP, 2, 17", "UDP, 10, 17"})
  void asksForOneFamily(Protocol protocol, int family, int number) {
    byte[] bytes = InetDiagRequest.of(protocol, family, 0x12345678, PROGRAM, 7);
    ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(16 + 56 + 4 + PROGRAM.length, bytes.length);
    header(request, 20);
    assertEquals(family, request.get(16));
    assertEquals(number, request.get(17));
    assertEquals(0, request.getShort(18));
    assertEquals(0x12345678, request.getInt(20));
    assertArrayEquals(new byte[48], Arrays.copyOfRange(bytes, 24, 72));
    attribute(bytes, 72);
  }

  @Test
  void asksForBothFamilies() {
    byte[] bytes =
        InetDiagRequest.of(Protocol.TCP, InetDiagRequest.BOTH_FAMILIES, 0x12345678, PROGRAM, 7);
    ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(16 + 60 + 4 + PROGRAM.length, bytes.length);
    header(request, 18);
    assertArrayEquals(new byte[52], Arrays.copyOfRange(bytes, 16, 68));
    assertEquals(0x12345678, request.getInt(68));
    assertEquals(0, request.getInt(72));
    attribute(bytes, 76);
  }

  @Test
  void twoDumpsReplaceOne() {
    assertArrayEquals(new int[] {InetDiag.AF_INET, InetDiag.AF_INET6}, InetDiagRequest.families());
  }

  private static void header(ByteBuffer request, int type) {
    assertEquals(request.capacity(), request.getInt(0));
    assertEquals(type, request.getShort(4));
    assertEquals(0x301, request.getShort(6)); // NLM_F_REQUEST | NLM_F_DUMP
    assertEquals(7, request.getInt(8));
    assertEquals(0, request.getInt(12));
  }

  private static void attribute(byte[] request, int at) {
    ByteBuffer bytes = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(4 + PROGRAM.length, bytes.getShort(at));
    assertEquals(1, bytes.getShort(at + 2)); // INET_DIAG_REQ_BYTECODE
    assertArrayEquals(PROGRAM, Arrays.copyOfRange(request, at + 4, request.length));
  }
}
