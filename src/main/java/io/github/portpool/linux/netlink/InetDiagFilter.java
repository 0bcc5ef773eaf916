package io.github.portpool.linux.netlink;

import io.github.portpool.table.EphemeralPorts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Programs that the kernel runs on each socket before it copies it: INET_DIAG_REQ_BYTECODE, {@code
 * include/uapi/linux/inet_diag.h}, run by inet_diag_bc_run() in {@code net/ipv4/inet_diag.c}.
 *
 * <pre>
 * struct inet_diag_bc_op { u8 code; u8 yes; u16 no; }
 * </pre>
 *
 * <p>{@code yes} and {@code no} say how far to jump, in bytes; a jump to the end accepts the
 * socket, one beyond the end rejects it. A comparison is followed by a second operation whose
 * {@code no} is the port. The kernel insists that the {@code yes} jumps alone lead through the
 * program to its end.
 *
 * <p>{@link #automatic} complements each of the others: a connected socket is accepted by one
 * alone.
 */
public final class InetDiagFilter {
  private static final int JMP = 1; // INET_DIAG_BC_JMP: always jumps by "no"
  private static final int S_GE = 2; // INET_DIAG_BC_S_GE
  private static final int S_LE = 3; // INET_DIAG_BC_S_LE
  private static final int D_LE = 5; // INET_DIAG_BC_D_LE
  private static final int AUTO = 6; // INET_DIAG_BC_AUTO: bind() did not name the port

  private static final int OP = 4;
  private static final int COMPARISON = 2 * OP;
  private static final int REJECT = OP;

  private InetDiagFilter() {}

  /** Sockets without a peer on any port, and those that named a port of the range. */
  public static byte[] explicit(EphemeralPorts range) {
    int inRange = COMPARISON + OP;
    int end = inRange + 2 * COMPARISON + 2 * OP;
    byte[] bytes = new byte[end];
    ByteBuffer program = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    compare(program, D_LE, 0, inRange);
    op(program, JMP, OP, end - COMPARISON);
    compare(program, S_GE, range.first(), end - inRange + REJECT);
    compare(program, S_LE, range.last(), end - inRange - COMPARISON + REJECT);
    op(program, AUTO, OP, 2 * OP);
    op(program, JMP, OP, OP + REJECT);
    return bytes;
  }

  /** Sockets on a port of the range that the kernel chose. */
  public static byte[] automatic(EphemeralPorts range) {
    int end = 2 * COMPARISON + OP;
    byte[] bytes = new byte[end];
    ByteBuffer program = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    compare(program, S_GE, range.first(), end + REJECT);
    compare(program, S_LE, range.last(), end - COMPARISON + REJECT);
    op(program, AUTO, OP, OP + REJECT);
    return bytes;
  }

  /** Sockets that named their port: those without a peer anywhere, the others in the range. */
  public static byte[] explicitOnly(EphemeralPorts range) {
    int end = 2 * OP + COMPARISON + OP + 2 * COMPARISON;
    byte[] bytes = new byte[end];
    ByteBuffer program = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    op(program, AUTO, OP, 2 * OP);
    op(program, JMP, OP, end - OP + REJECT);
    compare(program, D_LE, 0, COMPARISON + OP);
    op(program, JMP, OP, OP + 2 * COMPARISON);
    compare(program, S_GE, range.first(), 2 * COMPARISON + REJECT);
    compare(program, S_LE, range.last(), COMPARISON + REJECT);
    return bytes;
  }

  private static void op(ByteBuffer program, int code, int yes, int no) {
    program.put((byte) code).put((byte) yes).putShort((short) no);
  }

  private static void compare(ByteBuffer program, int code, int port, int no) {
    op(program, code, COMPARISON, no);
    op(program, 0, 0, port);
  }
}
