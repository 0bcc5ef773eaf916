package io.github.portpool.linux.netlink;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;

/**
 * Runs and audits a filter as the kernel does: inet_diag_bc_run() and inet_diag_bc_audit() in
 * {@code net/ipv4/inet_diag.c}.
 */
final class Bytecode {
  private static final int NOP = 0;
  private static final int JMP = 1;
  private static final int S_GE = 2;
  private static final int S_LE = 3;
  private static final int D_GE = 4;
  private static final int D_LE = 5;
  private static final int AUTO = 6;
  private static final int OP = 4;

  private final ByteBuffer program;
  private final int length;

  Bytecode(byte[] bytes) {
    program = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
    length = bytes.length;
  }

  /** Whether a socket passes; {@code auto} is the opposite of SOCK_BINDPORT_LOCK. */
  boolean accepts(int localPort, int remotePort, boolean auto) {
    int left = length;
    while (left > 0) {
      int at = length - left;
      boolean yes =
          switch (code(at)) {
            case NOP -> true;
            case JMP -> false;
            case S_GE -> localPort >= no(at + OP);
            case S_LE -> localPort <= no(at + OP);
            case D_GE -> remotePort >= no(at + OP);
            case D_LE -> remotePort <= no(at + OP);
            case AUTO -> auto;
            default -> throw new AssertionError("code " + code(at));
          };
      left -= yes ? yes(at) : no(at);
    }
    return left == 0;
  }

  /** Whether the kernel would take the program at all. */
  boolean passesAudit() {
    int left = length;
    if (left < OP) {
      return false;
    }
    while (left > 0) {
      int at = length - left;
      int code = code(at);
      if (code > AUTO) {
        return false;
      }
      boolean comparison = code >= S_GE && code <= D_LE;
      int least = comparison ? 2 * OP : OP;
      if (left < least) {
        return false;
      }
      int no = no(at);
      if (code != NOP) {
        if (no < least || no > left + OP || no % OP != 0) {
          return false;
        }
        if (no < left && !onYesChain(left - no)) {
          return false;
        }
      }
      int yes = yes(at);
      if (yes < least || yes > left + OP || yes % OP != 0) {
        return false;
      }
      left -= yes;
    }
    return left == 0;
  }

  /** valid_cc(): the "yes" jumps lead to the operation that has so many bytes left. */
  private boolean onYesChain(int target) {
    int left = length;
    while (left >= target) {
      if (left == target) {
        return true;
      }
      int yes = yes(length - left);
      if (yes < OP || yes % OP != 0) {
        return false;
      }
      left -= yes;
    }
    return false;
  }

  private int code(int at) {
    return program.get(at);
  }

  private int yes(int at) {
    return Byte.toUnsignedInt(program.get(at + 1));
  }

  private int no(int at) {
    return Short.toUnsignedInt(program.getShort(at + 2));
  }
}
