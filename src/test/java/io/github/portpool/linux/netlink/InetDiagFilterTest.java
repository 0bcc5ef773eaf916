package io.github.portpool.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.portpool.table.EphemeralPorts;
import io.github.portpool.table.PortSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InetDiagFilterTest {
  private static final int[] REMOTE_PORTS = {0, 1, 80, 65_535};
  private static final boolean[] AUTO = {false, true};

  @ParameterizedTest
  @CsvSource({
    "32768, 60999",
    "1024, 65535",
    "0, 65535",
    "1, 65534",
    "40000, 40000",
    "0, 0",
    "65535, 65535",
  })
  void everySocketOfTheRangeIsInOneOfTheTwoDumps(int first, int last) {
    EphemeralPorts range = new EphemeralPorts(first, last, new PortSet());
    Bytecode explicit = audited(InetDiagFilter.explicit(range));
    Bytecode automatic = audited(InetDiagFilter.automatic(range));
    Bytecode explicitOnly = audited(InetDiagFilter.explicitOnly(range));
    int[] localPorts =
        IntStream.of(0, 1, first - 1, first, first + 1, last - 1, last, last + 1, 65_535)
            .filter(port -> port >= 0 && port < PortSet.PORTS)
            .toArray();
    for (int local : localPorts) {
      boolean inRange = local >= first && local <= last;
      for (int remote : REMOTE_PORTS) {
        for (boolean auto : AUTO) {
          String socket = local + " to " + remote + (auto ? ", automatic" : ", named");
          assertEquals(
              remote == 0 || (inRange && !auto), explicit.accepts(local, remote, auto), socket);
          assertEquals(inRange && auto, automatic.accepts(local, remote, auto), socket);
          assertEquals(
              !auto && (remote == 0 || inRange), explicitOnly.accepts(local, remote, auto), socket);
        }
      }
    }
  }

  /** An audit that took anything would prove nothing. */
  @Test
  void theAuditRefusesWhatTheKernelRefuses() {
    assertFalse(new Bytecode(new byte[0]).passesAudit());
    assertTrue(new Bytecode(program(1, 4, 4)).passesAudit(), "a jump to the end");
    assertTrue(new Bytecode(program(1, 4, 8)).passesAudit(), "a jump just past the end");
    assertFalse(new Bytecode(program(1, 4, 12)).passesAudit(), "a jump too far");
    assertFalse(new Bytecode(program(1, 4, 6)).passesAudit(), "a crooked jump");
    assertFalse(new Bytecode(program(1, 8, 4)).passesAudit(), "the yes chain leaves the program");
    assertFalse(new Bytecode(program(2, 8, 8)).passesAudit(), "a comparison without its port");
    assertFalse(new Bytecode(program(77, 4, 4)).passesAudit(), "an unknown operation");
    assertFalse(
        new Bytecode(program(1, 4, 8, 2, 8, 12, 0, 0, 80)).passesAudit(),
        "a jump between an operation and its port");
  }

  private static Bytecode audited(byte[] program) {
    Bytecode bytecode = new Bytecode(program);
    assertTrue(bytecode.passesAudit());
    return bytecode;
  }

  /** Operations of code, yes and no each. */
  private static byte[] program(int... operations) {
    ByteBuffer bytes = ByteBuffer.allocate(operations.length / 3 * 4);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < operations.length; i += 3) {
      bytes.put((byte) operations[i]).put((byte) operations[i + 1]);
      bytes.putShort((short) operations[i + 2]);
    }
    return bytes.array();
  }
}
